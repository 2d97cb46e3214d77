// Concurrent awaiting of many tasks of one kind on the caller's executor.
#pragma once

#include "runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <vector>

namespace estante {

// Runs `count` tasks of `make_task()` and returns when all have ended. They share the caller's executor, so they
// interleave only where they suspend. Rethrows what the first of them threw. `make_task` outlives the call.
template <class MakeTask> Task<void> run_concurrently(std::size_t count, const MakeTask& make_task)
{
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    using Operation = decltype(asio::co_spawn(executor, make_task(), asio::deferred));
    std::vector<Operation> group;
    group.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        group.push_back(asio::co_spawn(executor, make_task(), asio::deferred));
    if (group.empty())
        co_return;
    const auto [order, exceptions] = co_await asio::experimental::make_parallel_group(std::move(group))
                                         .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    for (const auto& exception : exceptions) {
        if (exception)
            std::rethrow_exception(exception);
    }
}

} // namespace estante
