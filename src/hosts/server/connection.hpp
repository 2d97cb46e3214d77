// One connection: reads requests, hands them to the loop's gateway, writes the answers.
#pragma once

#include "gateway/gateway.hpp"
#include "hosts/server/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <list>

namespace estante {

// What the connections of one loop share.
struct Loop {
    Gateway& gateway;
    const Server::Settings& settings;
    bool stopping = false;
    std::uint64_t trace_seed = 0;
    std::uint64_t traces = 0;
    std::int64_t now_s = 0; // advanced once a second, for deadlines

    // Of each open connection: its socket, and the second in which it is closed unless it moves on.
    struct Open {
        boost::asio::ip::tcp::socket* socket;
        std::int64_t deadline_s;
        bool idle; // between two requests
    };
    std::list<Open> open;
};

boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, Loop& loop);

} // namespace estante
