// Runs a coroutine to its end on the calling thread, which must not be an event loop's.
#pragma once

#include "runtime/task.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace estante {

// On a fresh event loop; throws what the coroutine threw. A coroutine that waits for what never comes is a
// std::logic_error.
void run_task(Task<void> task);

// Answers what the coroutine answered.
template <class T>
    requires(!std::is_void_v<T>)
T run_task(Task<T> task)
{
    std::optional<T> answer;
    run_task([](Task<T> inner, std::optional<T>& out) -> Task<void> {
        out.emplace(co_await std::move(inner));
    }(std::move(task), answer));
    return std::move(*answer);
}

} // namespace estante
