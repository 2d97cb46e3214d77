#include "adapters/aws/connection_pool.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace estante::aws {

namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

std::string_view origin_of(std::string_view url)
{
    const auto parsed = parse_endpoint_url(url);
    return parsed ? parsed->origin : std::string_view();
}

TransportError shutdown_error()
{
    return {.reason = "the client is shutting down", .non_retryable = true};
}

} // namespace

ConnectionPool::ConnectionPool(asio::io_context& loop, const ClientOptions& options)
    : loop_(loop), options_(options), timer_(loop)
{
}

void ConnectionPool::start(std::shared_ptr<PendingRequest> exchange)
{
    if (is_shut_down_)
        return exchange->complete(std::unexpected(shutdown_error()));
    if (origin_of(exchange->url).empty())
        return exchange->complete(std::unexpected(TransportError{
            .reason = fmt::format("'{}' is not an http or https URL", exchange->url), .non_retryable = true}));
    set_deadline(*exchange, options_.response_timeout);
    waiting_.push_back(std::move(exchange));
    dispatch_waiting();
}

void ConnectionPool::sleep(steady_clock::duration delay, Completion<bool> complete)
{
    if (is_shut_down_)
        return complete(false);
    const auto wake_time = steady_clock::now() + delay;
    sleepers_.push_back({.wake_time = wake_time, .complete = std::move(complete)});
    arm_timer(wake_time);
}

void ConnectionPool::shut_down()
{
    is_shut_down_ = true;
    for (const auto& exchange : std::exchange(waiting_, {}))
        exchange->complete(std::unexpected(shutdown_error()));
    for (const auto& exchange : in_flight_) {
        if (exchange->connection)
            exchange->connection->close();
    }
    for (const Sleeper& sleeper : std::exchange(sleepers_, {}))
        sleeper.complete(false);
    open_count -= idle_.size();
    idle_.clear();
    timer_.cancel();
}

void ConnectionPool::dispatch_waiting()
{
    while (!waiting_.empty()) {
        auto connection = take_idle(origin_of(waiting_.front()->url));
        if (!connection) {
            if (open_count >= options_.max_connections && !idle_.empty()) {
                idle_.erase(idle_.begin());
                --open_count;
            }
            if (open_count >= options_.max_connections)
                return;
            ++open_count;
        }
        ++in_use_count;
        auto exchange = std::move(waiting_.front());
        waiting_.pop_front();
        in_flight_.push_back(exchange);
        asio::co_spawn(loop_, run_exchange(std::move(exchange), std::move(connection)), asio::detached);
    }
}

// The most recently used one, since the peer is least likely to have closed it.
std::unique_ptr<HttpConnection> ConnectionPool::take_idle(std::string_view origin)
{
    for (auto at = idle_.end(); at != idle_.begin();) {
        --at;
        if (at->origin != origin)
            continue;
        auto connection = std::move(at->connection);
        at = idle_.erase(at);
        if (connection->is_reusable())
            return connection;
        --open_count;
    }
    return nullptr;
}

Task<void> ConnectionPool::run_exchange(std::shared_ptr<PendingRequest> exchange,
                                        std::unique_ptr<HttpConnection> connection)
{
    Result<Response, TransportError> result;
    try {
        result = co_await send_and_receive(*exchange, connection);
    } catch (const std::exception& e) {
        result = std::unexpected(TransportError{.reason = e.what(), .maybe_sent = true, .non_retryable = true});
        connection.reset();
    }
    exchange->connection = nullptr;
    std::erase(in_flight_, exchange);
    release(*exchange, std::move(connection));
    exchange->complete(std::move(result));
    dispatch_waiting();
}

// The exchange already counts as one open connection, also before `connection` is set.
Task<Result<Response, TransportError>> ConnectionPool::send_and_receive(PendingRequest& exchange,
                                                                        std::unique_ptr<HttpConnection>& connection)
{
    bool is_reused = connection != nullptr;
    for (;;) {
        if (!is_reused) {
            if (auto failed = co_await connect(exchange, connection))
                co_return std::unexpected(std::move(*failed));
        }
        if (is_shut_down_)
            co_return std::unexpected(shutdown_error());
        exchange.connection = connection.get();
        exchange.deadline = exchange.attempt_deadline.value_or(steady_clock::now() + options_.response_timeout);
        arm_timer(exchange.deadline);
        auto result = co_await connection->exchange(exchange.request);
        if (result)
            co_return result;
        TransportError& error = result.error();
        if (is_shut_down_)
            error = {.reason = shutdown_error().reason, .maybe_sent = error.maybe_sent, .non_retryable = true};
        else if (exchange.timed_out)
            error.reason = fmt::format("{}: response timed out", exchange.url);
        else if (is_reused && error.stale_connection && (exchange.idempotent || !error.maybe_sent)) {
            exchange.connection = nullptr;
            connection.reset();
            is_reused = false;
            continue;
        }
        co_return result;
    }
}

Task<std::optional<TransportError>> ConnectionPool::connect(PendingRequest& exchange,
                                                            std::unique_ptr<HttpConnection>& connection)
{
    const EndpointUrl url = *parse_endpoint_url(exchange.url);
    if (url.tls && !trust_store_) {
        try {
            trust_store_ = load_trust_store(options_.ca_file);
        } catch (const std::exception& e) {
            co_return TransportError{.reason = e.what(), .non_retryable = true};
        }
    }
    connection = create_http_connection(loop_.get_executor(), url, trust_store_, options_.max_response_bytes);
    exchange.connection = connection.get();
    ++opened_count;
    set_deadline(exchange, options_.connect_timeout);
    auto failed = co_await connection->open();
    if (is_shut_down_)
        co_return shutdown_error();
    if (failed && exchange.timed_out)
        failed->reason = fmt::format("connecting to {} timed out", url.origin);
    co_return failed;
}

void ConnectionPool::release(const PendingRequest& exchange, std::unique_ptr<HttpConnection> connection)
{
    --in_use_count;
    if (is_shut_down_ || !connection || !connection->is_reusable()) {
        --open_count;
        return;
    }
    const auto expires = steady_clock::now() + options_.idle_timeout;
    idle_.push_back(
        {.origin = std::string(origin_of(exchange.url)), .connection = std::move(connection), .expires = expires});
    arm_timer(expires);
}

void ConnectionPool::set_deadline(PendingRequest& exchange, std::chrono::milliseconds step_timeout)
{
    exchange.deadline = steady_clock::now() + step_timeout;
    if (exchange.attempt_deadline)
        exchange.deadline = std::min(exchange.deadline, *exchange.attempt_deadline);
    arm_timer(exchange.deadline);
}

// One timer serves all deadlines. When a deadline moves to a later time, the timer is not moved with it: it then
// expires once without effect.
void ConnectionPool::arm_timer(TimePoint time)
{
    if (time >= timer_expiry_ || is_shut_down_)
        return;
    timer_expiry_ = time;
    timer_.expires_at(time);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error)
            on_timer();
    });
}

void ConnectionPool::on_timer()
{
    const auto now = steady_clock::now();
    timer_expiry_ = TimePoint::max();
    std::erase_if(waiting_, [now](const auto& exchange) {
        if (exchange->deadline > now)
            return false;
        exchange->complete(std::unexpected(TransportError{.reason = "timed out waiting for a free connection"}));
        return true;
    });
    for (const auto& exchange : in_flight_) {
        if (exchange->deadline <= now && exchange->connection && !exchange->timed_out) {
            exchange->timed_out = true;
            exchange->connection->close();
        }
    }
    open_count -= std::erase_if(idle_, [now](const IdleConnection& idle) { return idle.expires <= now; });
    std::erase_if(sleepers_, [now](const Sleeper& sleeper) {
        if (sleeper.wake_time > now)
            return false;
        sleeper.complete(true);
        return true;
    });

    for (const auto& exchange : waiting_)
        arm_timer(exchange->deadline);
    for (const auto& exchange : in_flight_) {
        if (!exchange->timed_out)
            arm_timer(exchange->deadline);
    }
    for (const IdleConnection& idle : idle_)
        arm_timer(idle.expires);
    for (const Sleeper& sleeper : sleepers_)
        arm_timer(sleeper.wake_time);
}

} // namespace estante::aws
