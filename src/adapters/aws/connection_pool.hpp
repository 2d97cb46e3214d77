// The connections of a client: reused across calls and shared by all endpoints. Everything here runs on one thread;
// only the counters are read from others.
#pragma once

#include "adapters/aws/completion.hpp"
#include "adapters/aws/http_connection.hpp"

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

using TimePoint = std::chrono::steady_clock::time_point;

// One request and the completion that gets its response. The pool owns it until then.
struct PendingRequest {
    std::string url{}; // of the endpoint
    WireRequest request{};
    bool idempotent = true;
    std::optional<TimePoint> attempt_deadline{}; // waiting, connecting and exchanging together
    Completion<Result<Response, TransportError>> complete{};

    // Set by the pool.
    TimePoint deadline{}; // of the current step
    HttpConnection* connection = nullptr;
    bool timed_out = false;
};

class ConnectionPool {
public:
    ConnectionPool(boost::asio::io_context& loop, const ClientOptions& options);

    // Uses an idle connection, opens one, or waits for one in order of arrival. A reused connection that turns out to
    // be stale is replaced once, if the request is idempotent or none of it was sent.
    void start(std::shared_ptr<PendingRequest> exchange);
    // Completes with true after `delay`, or with false when the pool shuts down.
    void sleep(std::chrono::steady_clock::duration delay, Completion<bool> complete);
    // Everything in flight fails, and so does everything that is started afterwards.
    void shut_down();

    std::atomic<std::uint64_t> opened_count = 0;
    std::atomic<std::size_t> open_count = 0; // in use or idle
    std::atomic<std::size_t> in_use_count = 0;

private:
    struct IdleConnection {
        std::string origin;
        std::unique_ptr<HttpConnection> connection;
        TimePoint expires;
    };
    struct Sleeper {
        TimePoint wake_time;
        Completion<bool> complete;
    };

    boost::asio::io_context& loop_;
    const ClientOptions& options_;
    std::shared_ptr<TrustStore> trust_store_;
    std::deque<std::shared_ptr<PendingRequest>> waiting_;
    std::vector<std::shared_ptr<PendingRequest>> in_flight_;
    std::vector<IdleConnection> idle_; // oldest first
    std::vector<Sleeper> sleepers_;
    boost::asio::steady_timer timer_;
    TimePoint timer_expiry_ = TimePoint::max();
    bool is_shut_down_ = false;

    void dispatch_waiting();
    std::unique_ptr<HttpConnection> take_idle(std::string_view origin);
    Task<void> run_exchange(std::shared_ptr<PendingRequest> exchange, std::unique_ptr<HttpConnection> connection);
    Task<Result<Response, TransportError>> send_and_receive(PendingRequest& exchange,
                                                            std::unique_ptr<HttpConnection>& connection);
    Task<std::optional<TransportError>> connect(PendingRequest& exchange, std::unique_ptr<HttpConnection>& connection);
    void release(const PendingRequest& exchange, std::unique_ptr<HttpConnection> connection);
    void set_deadline(PendingRequest& exchange, std::chrono::milliseconds step_timeout);
    void arm_timer(TimePoint time);
    void on_timer();
};

} // namespace estante::aws
