// The HTTP server: one event loop a core, HTTP/1.1 with keep-alive, limits on everything, graceful stop.
#pragma once

#include "gateway/gateway.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace estante {

struct Endpoint {
    std::string host; // an address, or localhost
    std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080" (all interfaces). Throws std::invalid_argument with a clear line.
Endpoint parse_endpoint(const std::string& text);

class Server {
public:
    struct Settings {
        Endpoint listen;
        Endpoint admin_listen;
        unsigned loops = 1;
        std::string spool_folder; // where uploads are kept until they are read
        std::size_t max_body_bytes = 1 << 20;
        std::size_t max_upload_bytes = std::size_t{512} << 20;
        std::size_t max_connections = 20'000; // beyond it new ones wait in the kernel's queue
        int read_timeout_s = 20;              // for a whole request, and for an answer to be taken
        int idle_timeout_s = 75;
        int stop_grace_s = 10;
    };

    // Binds at once: throws std::runtime_error with one line that names the address and the cause.
    // `make_gateway` is called once for each loop.
    Server(Settings settings, const std::function<std::unique_ptr<Gateway>()>& make_gateway);
    ~Server();

    std::uint16_t port() const; // the one that was bound, where port 0 was asked for

    // Serves until stop() and everything in flight is answered, or the grace is over.
    void run();
    // From any thread or signal handler's context of an event loop.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace estante
