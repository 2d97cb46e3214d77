// Two things at once on the caller's executor, which does one step of either at a time.
#pragma once

#include "ports/task.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include <tuple>
#include <utility>

namespace estante {

// What both answered; when one throws, the other is cancelled. They take turns only where they wait.
template <class First, class Second> Task<std::tuple<First, Second>> both(Task<First> first, Task<Second> second)
{
    using namespace boost::asio::experimental::awaitable_operators;
    co_return co_await (std::move(first) && std::move(second));
}

// Goes on after the other has had its turn.
inline Task<void> give_way()
{
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::deferred);
}

} // namespace estante
