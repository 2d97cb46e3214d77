// For a step that blocks for long, so that no event loop waits for it.
#pragma once

#include "runtime/task.hpp"

#include <functional>

namespace estante::sqlite {

// Runs the step, which does not throw, on a thread of its own, and resumes on the caller's executor, which is one
// thread's.
Task<void> on_own_thread(std::function<void()> step);

} // namespace estante::sqlite
