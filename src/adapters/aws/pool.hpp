// The connections of a client, kept and shared. Everything here happens on one thread; only the counters are read from
// others.
#pragma once

#include "adapters/aws/connection.hpp"
#include "adapters/aws/handover.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estante::aws {

using Moment = std::chrono::steady_clock::time_point;

// A request on its way, and to whom its outcome goes. The pool owns it until then.
struct Exchange {
    std::string url{}; // of the endpoint
    Outgoing request{};
    bool repeatable = true;
    std::optional<Moment> until{}; // of the whole attempt, beside the limits of waiting and connecting
    Delivery<Outcome> deliver{};

    // Of the pool.
    Moment deadline{};
    Connection* connection = nullptr;
    bool late = false;
};

class Pool {
public:
    Pool(boost::asio::io_context& loop, const ClientOptions& options);

    // Takes a free connection, opens one, or waits for its turn: first come, first served.
    // A kept connection that turns out to have been closed meanwhile is replaced once, if the request may be sent again
    // or nothing of it was sent.
    void start(std::shared_ptr<Exchange> exchange);
    // Delivers true after `pause`, or false when the pool ends.
    void rest(std::chrono::milliseconds pause, Delivery<bool> deliver);
    // Everything under way ends as broken, and so does what is started from now on.
    void end();

    std::atomic<std::uint64_t> opened = 0;
    std::atomic<std::size_t> open = 0;
    std::atomic<std::size_t> in_use = 0;

private:
    struct Idle {
        std::string site;
        std::unique_ptr<Connection> connection;
        Moment until;
    };
    struct Rest {
        Moment until;
        Delivery<bool> deliver;
    };

    boost::asio::io_context& loop_;
    const ClientOptions& options_;
    std::shared_ptr<Trust> trust_;
    std::deque<std::shared_ptr<Exchange>> waiting_;
    std::vector<std::shared_ptr<Exchange>> under_way_;
    std::vector<Idle> idle_; // the longest idle first
    std::vector<Rest> rests_;
    boost::asio::steady_timer timer_;
    Moment armed_ = Moment::max();
    bool ended_ = false;

    void advance();
    std::unique_ptr<Connection> take_idle(std::string_view site);
    Task<void> carry(std::shared_ptr<Exchange> exchange, std::unique_ptr<Connection> connection);
    Task<Outcome> outcome_of(Exchange& exchange, std::unique_ptr<Connection>& connection);
    Task<std::optional<Broken>> open_for(Exchange& exchange, std::unique_ptr<Connection>& connection);
    void put_back(const Exchange& exchange, std::unique_ptr<Connection> connection);
    void limit(Exchange& exchange, std::chrono::milliseconds within);
    void wake_at(Moment moment);
    void look_at_the_time();
};

} // namespace estante::aws
