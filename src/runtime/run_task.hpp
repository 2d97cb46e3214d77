// Runs a coroutine to its end on the calling thread, which must not be an event loop's.
#pragma once

#include "runtime/task.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace estante {

// Uses an event loop of its own. Throws what the coroutine threw, and std::logic_error if the coroutine can never
// resume.
void run_task(Task<void> task);

// Returns the result of the coroutine.
template <class T>
    requires(!std::is_void_v<T>)
T run_task(Task<T> task)
{
    std::optional<T> result;
    run_task([](Task<T> inner, std::optional<T>& out) -> Task<void> {
        out.emplace(co_await std::move(inner));
    }(std::move(task), result));
    return std::move(*result);
}

} // namespace estante
