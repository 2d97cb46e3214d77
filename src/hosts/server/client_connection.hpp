// One HTTP/1.1 connection: reads requests, passes them to the gateway of its event loop and writes the responses.
#pragma once

#include "gateway/gateway.hpp"
#include "hosts/server/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <list>

namespace estante {

// What the connections of one event loop share.
struct EventLoop {
    Gateway& gateway;
    const Server::Settings& settings;
    bool stopping = false;
    std::uint64_t trace_seed = 0;
    std::uint64_t traces = 0;
    std::int64_t now_s = 0; // steady seconds, updated once per second

    struct Connection {
        boost::asio::ip::tcp::socket* socket;
        std::int64_t deadline_s; // it is closed at this time
        bool idle;               // between two requests
    };
    std::list<Connection> connections; // the open ones
};

boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, EventLoop& loop);

} // namespace estante
