#include "hosts/server/server.hpp"

#include "hosts/server/connection.hpp"

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
    const auto refuse = [&text] {
        throw std::invalid_argument(
            fmt::format("'{}' is no address to listen on: write HOST:PORT, for instance 127.0.0.1:8080", text));
    };
    const auto colon = text.rfind(':');
    if (colon == text.npos)
        refuse();
    Endpoint endpoint;
    endpoint.host = text.substr(0, colon);
    if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']'))
        endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    const auto end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (error != std::errc{} || rest != end)
        refuse();
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
    struct Running {
        asio::io_context io{1};
        std::unique_ptr<Gateway> gateway;
        std::unique_ptr<Loop> loop;
        asio::steady_timer second{io};
    };

    Settings settings;
    std::vector<std::unique_ptr<Running>> loops;
    std::vector<tcp::acceptor> acceptors;
    std::size_t next = 0;

    State(Settings given, const std::function<std::unique_ptr<Gateway>()>& make_gateway) : settings(std::move(given))
    {
        std::random_device seed;
        for (unsigned i = 0; i < std::max(1U, settings.loops); ++i) {
            auto running = std::make_unique<Running>();
            running->gateway = make_gateway();
            running->loop =
                std::make_unique<Loop>(Loop{.gateway = *running->gateway, .settings = settings, .open = {}});
            running->loop->trace_seed = std::uint64_t{seed()} << 32 | seed();
            loops.push_back(std::move(running));
        }
        acceptors.push_back(listen(loops.front()->io, settings.listen));
        if (!settings.admin_listen.host.empty())
            acceptors.push_back(listen(loops.front()->io, settings.admin_listen));
    }

    // New connections go to the loops in turn.
    asio::awaitable<void> accept(tcp::acceptor& acceptor)
    {
        while (acceptor.is_open()) {
            Running& to = *loops[next++ % loops.size()];
            boost::system::error_code error;
            tcp::socket socket(to.io);
            co_await acceptor.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted || !acceptor.is_open())
                co_return;
            if (error) { // out of file descriptors, for instance: let others end first
                asio::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(50));
                co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
                continue;
            }
            socket.set_option(tcp::no_delay(true), error);
            asio::post(to.io, [&to, moved = std::move(socket), this]() mutable {
                if (to.loop->stopping || to.loop->open.size() >= settings.max_connections / loops.size())
                    return; // closes it
                asio::co_spawn(to.io, serve_connection(std::move(moved), *to.loop), asio::detached);
            });
        }
    }

    // Once a second: the clock of deadlines, and an end for connections that are over theirs.
    asio::awaitable<void> tick(Running& running)
    {
        Loop& loop = *running.loop;
        boost::system::error_code error;
        const auto began = std::chrono::steady_clock::now();
        for (std::int64_t grace_ends_s = 0;;) {
            loop.now_s =
                std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count();
            if (loop.stopping && grace_ends_s == 0)
                grace_ends_s = loop.now_s + settings.stop_grace_s;
            if (loop.stopping && loop.open.empty())
                co_return;
            for (const auto& open : loop.open) {
                if (open.deadline_s <= loop.now_s || (loop.stopping && (open.idle || loop.now_s >= grace_ends_s)))
                    open.socket->close(error);
            }
            running.second.expires_after(loop.stopping ? std::chrono::milliseconds(20)
                                                       : std::chrono::milliseconds(1000));
            co_await running.second.async_wait(asio::redirect_error(asio::use_awaitable, error));
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
    for (auto& running : state_->loops) {
        asio::co_spawn(running->io, state_->tick(*running), asio::detached);
        if (running != state_->loops.front())
            threads.emplace_back([&running] { running->io.run(); });
    }
    state_->loops.front()->io.run();
    for (auto& thread : threads)
        thread.join();
}

void Server::stop()
{
    for (std::size_t i = 0; i < state_->loops.size(); ++i) {
        auto& running = *state_->loops[i];
        asio::post(running.io, [this, i, &running] {
            if (i == 0) {
                for (auto& acceptor : state_->acceptors)
                    acceptor.close();
            }
            running.loop->stopping = true;
            running.second.cancel();
        });
    }
}

} // namespace estante
