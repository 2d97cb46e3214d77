// The coroutine type of ports and operations, the only part of Asio that they use.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace estante {

template <class T> using Task = boost::asio::awaitable<T>;

} // namespace estante
