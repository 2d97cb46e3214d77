#include "adapters/aws/pool.hpp"

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

std::string_view site_of(std::string_view url)
{
    const auto parsed = parse_url(url);
    return parsed ? parsed->site : std::string_view();
}

Broken ending()
{
    return {.reason = "the client is ending", .hopeless = true};
}

} // namespace

Pool::Pool(asio::io_context& loop, const ClientOptions& options) : loop_(loop), options_(options), timer_(loop) {}

void Pool::start(std::shared_ptr<Exchange> exchange)
{
    if (ended_)
        return exchange->deliver(std::unexpected(ending()));
    if (site_of(exchange->url).empty())
        return exchange->deliver(
            std::unexpected(Broken{.reason = fmt::format("{} is no endpoint", exchange->url), .hopeless = true}));
    limit(*exchange, options_.answer_within);
    waiting_.push_back(std::move(exchange));
    advance();
}

void Pool::rest(std::chrono::milliseconds pause, Delivery<bool> deliver)
{
    if (ended_)
        return deliver(false);
    const auto until = steady_clock::now() + pause;
    rests_.push_back({.until = until, .deliver = std::move(deliver)});
    wake_at(until);
}

void Pool::end()
{
    ended_ = true;
    for (const auto& exchange : std::exchange(waiting_, {}))
        exchange->deliver(std::unexpected(ending()));
    for (const auto& exchange : under_way_) {
        if (exchange->connection)
            exchange->connection->close();
    }
    for (const Rest& rest : std::exchange(rests_, {}))
        rest.deliver(false);
    open -= idle_.size();
    idle_.clear();
    timer_.cancel();
}

void Pool::advance()
{
    while (!waiting_.empty()) {
        auto connection = take_idle(site_of(waiting_.front()->url));
        if (!connection) {
            if (open >= options_.connections && !idle_.empty()) {
                idle_.erase(idle_.begin());
                --open;
            }
            if (open >= options_.connections)
                return;
            ++open;
        }
        ++in_use;
        auto exchange = std::move(waiting_.front());
        waiting_.pop_front();
        under_way_.push_back(exchange);
        asio::co_spawn(loop_, carry(std::move(exchange), std::move(connection)), asio::detached);
    }
}

// The one used last, since it is the least likely to have been closed.
std::unique_ptr<Connection> Pool::take_idle(std::string_view site)
{
    for (auto at = idle_.end(); at != idle_.begin();) {
        --at;
        if (at->site != site)
            continue;
        auto connection = std::move(at->connection);
        at = idle_.erase(at);
        if (connection->usable())
            return connection;
        --open;
    }
    return nullptr;
}

Task<void> Pool::carry(std::shared_ptr<Exchange> exchange, std::unique_ptr<Connection> connection)
{
    Outcome outcome;
    try {
        outcome = co_await outcome_of(*exchange, connection);
    } catch (const std::exception& e) {
        outcome = std::unexpected(Broken{.reason = e.what(), .sent = true, .hopeless = true});
        connection.reset();
    }
    exchange->connection = nullptr;
    std::erase(under_way_, exchange);
    put_back(*exchange, std::move(connection));
    exchange->deliver(std::move(outcome));
    advance();
}

// A place among the connections is taken, whether or not `connection` is one yet.
Task<Outcome> Pool::outcome_of(Exchange& exchange, std::unique_ptr<Connection>& connection)
{
    bool kept = connection != nullptr;
    for (;;) {
        if (!kept) {
            if (auto broken = co_await open_for(exchange, connection))
                co_return std::unexpected(std::move(*broken));
        }
        if (ended_)
            co_return std::unexpected(ending());
        exchange.connection = connection.get();
        exchange.deadline = exchange.until.value_or(steady_clock::now() + options_.answer_within);
        wake_at(exchange.deadline);
        auto outcome = co_await connection->exchange(exchange.request);
        if (outcome)
            co_return outcome;
        Broken& broken = outcome.error();
        if (ended_)
            broken = {.reason = ending().reason, .sent = broken.sent, .hopeless = true};
        else if (exchange.late)
            broken.reason = fmt::format("{}: no answer in time", exchange.url);
        else if (kept && broken.closed_unheard && (exchange.repeatable || !broken.sent)) {
            exchange.connection = nullptr;
            connection.reset();
            kept = false;
            continue;
        }
        co_return outcome;
    }
}

Task<std::optional<Broken>> Pool::open_for(Exchange& exchange, std::unique_ptr<Connection>& connection)
{
    const Url url = *parse_url(exchange.url);
    if (url.tls && !trust_) {
        try {
            trust_ = load_trust(options_.ca_file);
        } catch (const std::exception& e) {
            co_return Broken{.reason = e.what(), .hopeless = true};
        }
    }
    connection = create_connection(loop_.get_executor(), url, trust_, options_.answer_bytes);
    exchange.connection = connection.get();
    ++opened;
    limit(exchange, options_.connect_within);
    auto broken = co_await connection->open();
    if (ended_)
        co_return ending();
    if (broken && exchange.late)
        broken->reason = fmt::format("cannot connect to {} in time", url.site);
    co_return broken;
}

void Pool::put_back(const Exchange& exchange, std::unique_ptr<Connection> connection)
{
    --in_use;
    if (ended_ || !connection || !connection->usable()) {
        --open;
        return;
    }
    const auto until = steady_clock::now() + options_.keep_idle;
    idle_.push_back({.site = std::string(site_of(exchange.url)), .connection = std::move(connection), .until = until});
    wake_at(until);
}

void Pool::limit(Exchange& exchange, std::chrono::milliseconds within)
{
    exchange.deadline = steady_clock::now() + within;
    if (exchange.until)
        exchange.deadline = std::min(exchange.deadline, *exchange.until);
    wake_at(exchange.deadline);
}

// One timer for all. A deadline that was put off leaves it as it is: it then wakes once for nothing.
void Pool::wake_at(Moment moment)
{
    if (moment >= armed_ || ended_)
        return;
    armed_ = moment;
    timer_.expires_at(moment);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error)
            look_at_the_time();
    });
}

void Pool::look_at_the_time()
{
    const auto now = steady_clock::now();
    armed_ = Moment::max();
    std::erase_if(waiting_, [now](const auto& exchange) {
        if (exchange->deadline > now)
            return false;
        exchange->deliver(std::unexpected(Broken{.reason = "no connection became free in time"}));
        return true;
    });
    for (const auto& exchange : under_way_) {
        if (exchange->deadline <= now && exchange->connection && !exchange->late) {
            exchange->late = true;
            exchange->connection->close();
        }
    }
    open -= std::erase_if(idle_, [now](const Idle& idle) { return idle.until <= now; });
    std::erase_if(rests_, [now](const Rest& rest) {
        if (rest.until > now)
            return false;
        rest.deliver(true);
        return true;
    });

    for (const auto& exchange : waiting_)
        wake_at(exchange->deadline);
    for (const auto& exchange : under_way_) {
        if (!exchange->late)
            wake_at(exchange->deadline);
    }
    for (const Idle& idle : idle_)
        wake_at(idle.until);
    for (const Rest& rest : rests_)
        wake_at(rest.until);
}

} // namespace estante::aws
