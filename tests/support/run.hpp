// Runs a coroutine to completion on this thread.
#pragma once

#include "runtime/run_task.hpp"

#include <utility>

namespace estante {

template <class T> T run(Task<T> task)
{
    return run_task(std::move(task));
}

} // namespace estante
