// Runs blocking work on a thread pool, so that the event loop of the caller is not blocked.
#pragma once

#include "runtime/task.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace estante {

// Runs `work` on the pool. The awaiting coroutine resumes on its own executor with the result, or with the exception. T
// is default-constructible. The pool is joined before what `work` refers to is destroyed.
template <class T, class Work> Task<T> offload(boost::asio::thread_pool& pool, Work work)
{
    namespace asio = boost::asio;
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr, T)>(
        [&pool](auto handler, Work task) {
            auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
            asio::post(
                pool, [handler = std::move(handler), guard = std::move(guard), task = std::move(task)]() mutable {
                    std::exception_ptr error;
                    T value{};
                    try {
                        value = task();
                    } catch (...) {
                        error = std::current_exception();
                    }
                    const auto executor = guard.get_executor();
                    asio::post(executor, [handler = std::move(handler), error, value = std::move(value)]() mutable {
                        std::move(handler)(error, std::move(value));
                    });
                });
        },
        asio::use_awaitable, std::move(work));
}

} // namespace estante
