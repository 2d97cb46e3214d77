// Cooperative scheduling for long work in small steps on an event loop.
#pragma once

#include "runtime/task.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace estante {

// Suspends the caller until everything that is already queued on its executor has run.
inline Task<void> yield()
{
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::deferred);
}

} // namespace estante
