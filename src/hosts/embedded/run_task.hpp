// Runs a coroutine to its end on the calling thread, which must not be an event loop's.
#pragma once

#include "ports/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

namespace estante {

template <class T> T run_task(Task<T> task)
{
    boost::asio::io_context io(1);
    std::exception_ptr error;
    std::optional<T> value;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T result) {
        error = thrown;
        value.emplace(std::move(result));
    });
    io.run();
    if (error)
        std::rethrow_exception(error);
    return std::move(*value);
}

inline void run_task(Task<void> task)
{
    boost::asio::io_context io(1);
    std::exception_ptr error;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown) { error = thrown; });
    io.run();
    if (error)
        std::rethrow_exception(error);
}

} // namespace estante
