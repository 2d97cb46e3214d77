#include "hosts/server/server.hpp"

#include "hosts/server/client_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace estante {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

Endpoint parse_endpoint(const std::string& text)
{
    const auto fail = [&text] {
        throw std::invalid_argument(
            fmt::format("'{}' is not an address to listen on; use HOST:PORT, for instance 127.0.0.1:8080", text));
    };
    const auto colon = text.rfind(':');
    if (colon == text.npos)
        fail();
    Endpoint endpoint;
    endpoint.host = text.substr(0, colon);
    if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']'))
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (error != std::errc{} || rest != end)
        fail();
    if (endpoint.host.empty())
        endpoint.host = "0.0.0.0";
    if (endpoint.host == "localhost")
        endpoint.host = "127.0.0.1";
    return endpoint;
}

namespace {

tcp::acceptor listen(asio::io_context& io, const Endpoint& endpoint)
{
    try {
        const tcp::endpoint at(asio::ip::make_address(endpoint.host), endpoint.port);
        tcp::acceptor acceptor(io);
        acceptor.open(at.protocol());
        acceptor.set_option(asio::socket_base::reuse_address(true));
        acceptor.bind(at);
        acceptor.listen(4096);
        return acceptor;
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}:{}: {}", endpoint.host, endpoint.port, error.code().message()));
    }
}

} // namespace

struct Server::State {
    struct LoopThread {
        asio::io_context io{1};
        std::unique_ptr<Gateway> gateway;
        std::unique_ptr<EventLoop> loop;
        asio::steady_timer tick_timer{io};
    };

    Settings settings;
    std::vector<std::unique_ptr<LoopThread>> loops;
    std::vector<tcp::acceptor> acceptors;
    std::size_t next = 0;

    State(Settings chosen, const std::function<std::unique_ptr<Gateway>()>& make_gateway) : settings(std::move(chosen))
    {
        std::random_device seed;
        for (unsigned i = 0; i < std::max(1U, settings.loops); ++i) {
            auto thread = std::make_unique<LoopThread>();
            thread->gateway = make_gateway();
            thread->loop = std::make_unique<EventLoop>(
                EventLoop{.gateway = *thread->gateway, .settings = settings, .connections = {}});
            thread->loop->trace_seed = std::uint64_t{seed()} << 32 | seed();
            loops.push_back(std::move(thread));
        }
        acceptors.push_back(listen(loops.front()->io, settings.listen));
        if (!settings.admin_listen.host.empty())
            acceptors.push_back(listen(loops.front()->io, settings.admin_listen));
    }

    // Distributes new connections to the event loops in turn.
    asio::awaitable<void> accept(tcp::acceptor& acceptor)
    {
        while (acceptor.is_open()) {
            LoopThread& target = *loops[next++ % loops.size()];
            boost::system::error_code error;
            tcp::socket socket(target.io);
            co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted || !acceptor.is_open())
                co_return;
            if (error) { // for instance out of file descriptors: wait for other connections to close
                asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(50));
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
                continue;
            }
            socket.set_option(tcp::no_delay(true), error);
            asio::post(target.io, [&target, moved = std::move(socket), this]() mutable {
                if (target.loop->stopping || target.loop->connections.size() >= settings.max_connections / loops.size())
                    return; // the socket is closed
                asio::co_spawn(target.io, serve_connection(std::move(moved), *target.loop), asio::detached);
            });
        }
    }

    // Once per second: updates the clock and closes the connections that have passed their deadline.
    asio::awaitable<void> tick(LoopThread& thread)
    {
        EventLoop& loop = *thread.loop;
        boost::system::error_code error;
        const auto began = std::chrono::steady_clock::now();
        for (std::int64_t grace_ends_s = 0;;) {
            loop.now_s =
                std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count();
            if (loop.stopping && grace_ends_s == 0)
                grace_ends_s = loop.now_s + settings.stop_grace_s;
            if (loop.stopping && loop.connections.empty())
                co_return;
            for (const auto& connection : loop.connections) {
                if (connection.deadline_s <= loop.now_s ||
                    (loop.stopping && (connection.idle || loop.now_s >= grace_ends_s)))
                    connection.socket->close(error);
            }
            thread.tick_timer.expires_after(loop.stopping ? std::chrono::milliseconds(20)
                                                          : std::chrono::milliseconds(1000));
            co_await thread.tick_timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
    }
};

Server::Server(Settings settings, const std::function<std::unique_ptr<Gateway>()>& make_gateway)
    : state_(std::make_unique<State>(std::move(settings), make_gateway))
{
}

Server::~Server() = default;

std::uint16_t Server::port() const
{
    return state_->acceptors.front().local_endpoint().port();
}

void Server::run()
{
    for (auto& acceptor : state_->acceptors)
        asio::co_spawn(state_->loops.front()->io, state_->accept(acceptor), asio::detached);
    std::vector<std::thread> threads;
    for (auto& thread : state_->loops) {
        asio::co_spawn(thread->io, state_->tick(*thread), asio::detached);
        if (thread != state_->loops.front())
            threads.emplace_back([&thread] { thread->io.run(); });
    }
    state_->loops.front()->io.run();
    for (auto& thread : threads)
        thread.join();
}

void Server::stop()
{
    for (std::size_t i = 0; i < state_->loops.size(); ++i) {
        auto& thread = *state_->loops[i];
        asio::post(thread.io, [this, i, &thread] {
            if (i == 0) {
                for (auto& acceptor : state_->acceptors)
                    acceptor.close();
            }
            thread.loop->stopping = true;
            thread.tick_timer.cancel();
        });
    }
}

} // namespace estante
