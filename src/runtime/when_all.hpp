// Concurrent awaiting on the caller's executor.
#pragma once

#include "runtime/task.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <tuple>
#include <utility>

namespace estante {

// Runs both tasks concurrently and returns both results. If one throws, the other is cancelled. They share the
// caller's executor, so they interleave only where they suspend.
template <class First, class Second> Task<std::tuple<First, Second>> when_all(Task<First> first, Task<Second> second)
{
    using namespace boost::asio::experimental::awaitable_operators;
    co_return co_await (std::move(first) && std::move(second));
}

} // namespace estante
