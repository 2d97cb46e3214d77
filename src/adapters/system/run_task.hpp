// Runs a coroutine to its end on the calling thread, which must not be an event loop's.
#pragma once

#include "ports/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

namespace estante {

// On a fresh event loop; answers what the coroutine answered, and throws what it threw. A coroutine that waits for what
// never comes is a std::logic_error.
template <class T> T run_task(Task<T> task)
{
    using Answer = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
    boost::asio::io_context loop{1};
    std::optional<Answer> answer;
    std::exception_ptr thrown;
    const auto body = [&]() -> Task<void> {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(task);
            answer.emplace();
        } else {
            answer.emplace(co_await std::move(task));
        }
    };
    boost::asio::co_spawn(loop, body(), [&thrown](std::exception_ptr e) { thrown = std::move(e); });
    loop.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (!answer)
        throw std::logic_error("the coroutine never ended");
    if constexpr (!std::is_void_v<T>)
        return std::move(*answer);
}

} // namespace estante
