// The HTTP server: one event loop per core, HTTP/1.1 with keep-alive, limits on everything, graceful stop.
#pragma once

#include "gateway/gateway.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace estante {

struct Endpoint {
    std::string host; // an IP address or localhost
    std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080", ":8080" (all interfaces). Throws std::invalid_argument with one line.
Endpoint parse_endpoint(const std::string& text);

class Server {
public:
    struct Settings {
        Endpoint listen;
        Endpoint admin_listen;
        unsigned loops = 1;
        std::string spool_folder; // of uploads until they are processed
        std::size_t max_body_bytes = 1 << 20;
        std::size_t max_upload_bytes = std::size_t{512} << 20;
        std::size_t max_connections = 20'000; // beyond it new ones are closed
        int read_timeout_s = 20;              // of a whole request, and of sending a response
        int idle_timeout_s = 75;
        int stop_grace_s = 10;
    };

    // Binds its ports. Throws std::runtime_error with one line that names the address and the cause.
    // `make_gateway` is called once per event loop.
    Server(Settings settings, const std::function<std::unique_ptr<Gateway>()>& make_gateway);
    ~Server();

    std::uint16_t port() const; // the bound port, also when port 0 was configured

    // Serves until stop() is called, then until all requests in flight are answered or the grace period ends.
    void run();
    // From any thread.
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace estante
