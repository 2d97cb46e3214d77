// For long work in small steps on an event loop.
#pragma once

#include "ports/task.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace estante {

// Lets everything else that waits on this loop go first.
inline Task<void> yield_to_others()
{
    co_await boost::asio::post(boost::asio::use_awaitable);
}

} // namespace estante
