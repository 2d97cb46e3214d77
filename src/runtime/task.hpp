// The one coroutine type of ports and operations, and the only piece of Asio that they see.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace estante {

template <class T> using Task = boost::asio::awaitable<T>;

} // namespace estante
