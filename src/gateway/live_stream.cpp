#include "gateway/live_stream.hpp"

#include "operations/analytics/day_tally.hpp"
#include "operations/analytics/live_sales.hpp"
#include "operations/tenants/find_currency.hpp"
#include "operations/users/session_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

using namespace analytics;

constexpr std::size_t max_missed_sales = 10 * max_live_sales; // that a stream sends before it skips to now

// The parameters of a stream. They outlive the request.
struct StreamParameters {
    Caller caller;
    const Ports& ports;
    const PartitionVersions& partition_versions;
    ReadSet session; // the reads of the caller's session
    std::int64_t token_ends_ms;
    Currency currency;
    std::optional<LiveCursor> since;
    std::unique_ptr<SalesWatch> watch;
};

class LiveStream final : public EventSource {
public:
    explicit LiveStream(StreamParameters parameters)
        : parameters_(std::move(parameters)),
          clock_(parameters_.ports.get<Clock>()),
          items_(parameters_.caller.tenant, parameters_.ports.get<ItemStore>()),
          seen_(parameters_.since ? SeenSales(*parameters_.since) : SeenSales(clock_.now_ms()))
    {
    }

    Task<std::optional<std::string>> next(std::chrono::milliseconds wait) override
    {
        if (ended_)
            co_return std::nullopt;
        std::string out;
        if (!std::exchange(started_, true)) {
            co_await begin(out);
        } else {
            const auto events = co_await parameters_.watch->next(wait);
            // Checked between the event and its sending, so a caller sees no sale from after the end of their session.
            if (const auto reason = co_await end_reason(); !reason.empty())
                end(out, reason);
            else
                co_await send_events(out, events);
        }
        const auto now_ms = clock_.now_ms();
        if (out.empty() && now_ms - last_sent_ms_ >= heartbeat_ms)
            out = ":\n\n";
        if (!out.empty())
            last_sent_ms_ = now_ms;
        co_return out;
    }

private:
    StreamParameters parameters_;
    Clock& clock_;
    TenantItems items_;
    SeenSales seen_;
    DayTally today_;
    bool started_ = false;
    bool ended_ = false;
    std::int64_t last_sent_ms_ = 0;
    std::optional<std::pair<Day, Sales>> sent_today_;

    template <class Data> static void write_event(std::string& out, std::string_view name, const Data& data)
    {
        fmt::format_to(std::back_inserter(out), "event: {}\ndata: {}\n", name, codec::to_json(data));
    }
    void write_sale(std::string& out, std::string_view name, const Purchase& purchase)
    {
        write_event(out, name, live_sale_of(purchase));
        fmt::format_to(std::back_inserter(out), "id: {}\n\n", seen_.cursor().value);
    }
    // Unless it is what was sent last.
    void write_today(std::string& out)
    {
        const Sales& sales = today_.sales();
        const auto now = std::pair(today_.day(), sales);
        if (sent_today_ == now)
            return;
        sent_today_ = now;
        write_event(out, "today",
                    LiveDay{.day = CalendarDate::of(today_.day()),
                            .purchases = sales.purchases,
                            .items = sales.items,
                            .revenue = {sales.revenue_cents},
                            .currency = parameters_.currency});
        fmt::format_to(std::back_inserter(out), "id: {}\n\n", seen_.cursor().value);
    }
    void end(std::string& out, std::string_view reason)
    {
        ended_ = true;
        fmt::format_to(std::back_inserter(out), "event: end\ndata: {{\"reason\":\"{}\"}}\n\n", reason);
    }

    Task<void> begin(std::string& out)
    {
        out += "retry: 2000\n\n";
        if (parameters_.since) {
            co_await catch_up(out);
        } else if (auto seen = co_await mark_existing_sales(items_, clock_)) {
            seen_ = std::move(*seen);
        }
        co_await read_today(out);
    }

    Task<void> send_events(std::string& out, const std::vector<LiveEvent>& events)
    {
        bool must_reload = day_of(clock_.now_ms()) != today_.day();
        for (const LiveEvent& event : events) {
            today_.add(event);
            if (event.kind == LiveEvent::Kind::missed)
                out += "event: gap\ndata: {}\n\n";
            if (!event.purchase) {
                must_reload = true;
                co_await catch_up(out);
            } else if (event.kind == LiveEvent::Kind::cancellation) {
                write_sale(out, "cancellation", *event.purchase);
            } else if (!seen_.is_named(event.purchase->id)) {
                seen_.add(event.purchase->id);
                write_sale(out, "sale", *event.purchase);
            }
        }
        if (ended_)
            co_return;
        if (must_reload)
            co_await read_today(out);
        else
            write_today(out);
    }

    // Sends the sales in the table that were not sent yet. If there are too many, sends a gap and skips to the newest.
    Task<void> catch_up(std::string& out)
    {
        for (std::size_t sent = 0;; sent += max_live_sales) {
            if (sent == max_missed_sales) {
                out += "event: gap\ndata: {}\n\n";
                if (auto seen = co_await mark_existing_sales(items_, clock_))
                    seen_ = std::move(*seen);
                co_return;
            }
            SeenSales seen = seen_;
            const auto sales = co_await new_sales(items_, seen);
            if (!sales)
                co_return end(out, "unavailable");
            for (const Purchase& purchase : sales->purchases) {
                seen_.add(purchase.id);
                write_sale(out, "sale", purchase);
            }
            if (!sales->more)
                co_return;
        }
    }

    Task<void> read_today(std::string& out)
    {
        const auto now_ms = clock_.now_ms();
        if (!co_await today_.read(items_, day_of(now_ms), now_ms))
            end(out, "unavailable");
        else
            write_today(out);
    }

    // Why the stream must end; "" while the caller may watch.
    Task<std::string_view> end_reason()
    {
        if (clock_.now_ms() >= parameters_.token_ends_ms)
            co_return "token_expired";
        if (parameters_.session.is_valid())
            co_return "";
        ReadSet reads(parameters_.partition_versions);
        TenantItems items(parameters_.caller.tenant, parameters_.ports.get<ItemStore>(), &reads);
        const auto state =
            co_await users::load_session_state(items, parameters_.caller.user, parameters_.caller.session);
        if (!state)
            co_return "unavailable";
        if (!*state)
            co_return "session_ended";
        if ((*state)->role != Role::manager)
            co_return "forbidden";
        if ((*state)->tenant == TenantStatus::suspended)
            co_return "suspended";
        parameters_.session = std::move(reads);
        co_return "";
    }
};

// A client that accepts event streams says so; a request with `since`, or for JSON alone, is for one page.
bool wants_stream(const HttpRequest& http, const LiveSalesSince& request)
{
    if (http.accept.contains(event_stream_type) || !http.last_event_id.empty())
        return true;
    return !request.since && !http.accept.contains("application/json");
}

Task<Result<Reply>> open_stream(Exchange& exchange, LiveSalesSince request)
{
    Reply reply{.content_type = event_stream_type};
    if (exchange.http.method == Method::head)
        co_return reply;
    const Caller& caller = exchange.caller;
    auto items = port_for<TenantItems>(exchange.ports, caller, nullptr);
    auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(std::move(currency.error()));
    auto watch = exchange.ports.get<LiveSalesHub>().watch(caller.tenant);
    if (!watch)
        co_return std::unexpected(std::move(watch.error()));
    reply.events = std::make_shared<LiveStream>(StreamParameters{.caller = caller,
                                                                 .ports = exchange.ports,
                                                                 .partition_versions = exchange.partition_versions,
                                                                 .session = exchange.reads,
                                                                 .token_ends_ms = exchange.token_ends_ms,
                                                                 .currency = std::move(*currency),
                                                                 .since = std::move(request.since),
                                                                 .watch = std::move(*watch)});
    co_return reply;
}

} // namespace

Task<Result<Reply>> call_live_sales(Exchange& exchange)
{
    LiveSalesSince request;
    if (auto read = read_request(exchange, &request, codec::fields<LiveSalesSince>()); !read)
        co_return std::unexpected(std::move(read.error()));
    if (const auto last = exchange.http.last_event_id; !last.empty()) {
        request.since = LiveCursor::parse(last);
        if (!request.since)
            co_return invalid("", "bad_cursor",
                              "la cabecera Last-Event-ID no es el id de un evento de este endpoint: quítela para "
                              "empezar con las ventas nuevas",
                              "the Last-Event-ID header is not the id of an event of this endpoint: leave it out to "
                              "start with new sales");
    }
    if (wants_stream(exchange.http, request))
        co_return co_await open_stream(exchange, std::move(request));
    auto items = port_for<TenantItems>(exchange.ports, exchange.caller, nullptr);
    auto page = co_await live_sales(exchange.caller, request, items, exchange.ports.get<Clock>());
    if (!page)
        co_return std::unexpected(std::move(page.error()));
    co_return detail::to_reply(exchange, std::move(*page));
}

} // namespace estante
