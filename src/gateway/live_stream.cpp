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

constexpr std::size_t max_caught_up = 10 * max_live_sales; // what a stream tells of the time before it

// What the stream was opened with; it outlives the request.
struct Opened {
    Caller caller;
    const Ports& ports;
    const PartitionVersions& partition_versions;
    ReadSet session; // what the caller's session was read from
    std::int64_t token_ends_ms;
    Currency currency;
    std::optional<LiveCursor> since;
    std::unique_ptr<SalesWatch> watch;
};

class LiveStream final : public EventSource {
public:
    explicit LiveStream(Opened opened)
        : opened_(std::move(opened)),
          clock_(opened_.ports.get<Clock>()),
          items_(opened_.caller.tenant, opened_.ports.get<ItemStore>()),
          seen_(opened_.since ? SeenSales(*opened_.since) : SeenSales(clock_.now_ms()))
    {
    }

    Task<std::optional<std::string>> next(std::chrono::milliseconds wait) override
    {
        if (ended_)
            co_return std::nullopt;
        std::string out;
        if (!std::exchange(begun_, true)) {
            co_await begin(out);
        } else {
            const auto events = co_await opened_.watch->next(wait);
            // Looked at between the event and its sending: nobody is told what was sold after their session's end.
            if (const auto reason = co_await end_reason(); !reason.empty())
                end(out, reason);
            else
                co_await tell(out, events);
        }
        const auto now_ms = clock_.now_ms();
        if (out.empty() && now_ms - told_ms_ >= heartbeat_ms)
            out = ":\n\n";
        if (!out.empty())
            told_ms_ = now_ms;
        co_return out;
    }

private:
    Opened opened_;
    Clock& clock_;
    TenantItems items_;
    SeenSales seen_;
    DayTally today_;
    bool begun_ = false;
    bool ended_ = false;
    std::int64_t told_ms_ = 0;
    std::optional<std::pair<Day, Sales>> told_today_;

    template <class Data> static void write_event(std::string& out, std::string_view name, const Data& data)
    {
        fmt::format_to(std::back_inserter(out), "event: {}\ndata: {}\n", name, codec::to_json(data));
    }
    void write_sale(std::string& out, std::string_view name, const Purchase& purchase)
    {
        write_event(out, name, live_sale_of(purchase));
        fmt::format_to(std::back_inserter(out), "id: {}\n\n", seen_.cursor().value);
    }
    // Where it is not what was told last.
    void write_today(std::string& out)
    {
        const Sales& sales = today_.sales();
        const auto now = std::pair(today_.day(), sales);
        if (told_today_ == now)
            return;
        told_today_ = now;
        write_event(out, "today",
                    LiveDay{.day = CalendarDate::of(today_.day()),
                            .purchases = sales.purchases,
                            .items = sales.items,
                            .revenue = {sales.revenue_cents},
                            .currency = opened_.currency});
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
        if (opened_.since) {
            co_await catch_up(out);
        } else if (auto seen = co_await seen_by_now(items_, clock_)) {
            seen_ = std::move(*seen);
        }
        co_await read_today(out);
    }

    Task<void> tell(std::string& out, const std::vector<LiveEvent>& events)
    {
        bool read_again = day_of(clock_.now_ms()) != today_.day();
        for (const LiveEvent& event : events) {
            today_.add(event);
            if (event.kind == LiveEvent::Kind::missed)
                out += "event: gap\ndata: {}\n\n";
            if (!event.purchase) {
                read_again = true;
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
        if (read_again)
            co_await read_today(out);
        else
            write_today(out);
    }

    // The sales in the table that were not told; with too many, a gap and the place after them.
    Task<void> catch_up(std::string& out)
    {
        for (std::size_t told = 0;; told += max_live_sales) {
            if (told == max_caught_up) {
                out += "event: gap\ndata: {}\n\n";
                if (auto seen = co_await seen_by_now(items_, clock_))
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

    // Why the caller may not go on watching; "" while they may.
    Task<std::string_view> end_reason()
    {
        if (clock_.now_ms() >= opened_.token_ends_ms)
            co_return "token_expired";
        if (opened_.session.is_valid())
            co_return "";
        ReadSet reads(opened_.partition_versions);
        TenantItems items(opened_.caller.tenant, opened_.ports.get<ItemStore>(), &reads);
        const auto state = co_await users::load_session_state(items, opened_.caller.user, opened_.caller.session);
        if (!state)
            co_return "unavailable";
        if (!*state)
            co_return "session_ended";
        if ((*state)->role != Role::manager)
            co_return "forbidden";
        if ((*state)->tenant == TenantStatus::suspended)
            co_return "suspended";
        opened_.session = std::move(reads);
        co_return "";
    }
};

bool names(std::string_view accept, std::string_view type)
{
    return accept.contains(type);
}

// An event source names its type; a question with `since`, or for JSON alone, is one for a page.
bool wants_stream(const HttpRequest& http, const LiveSalesSince& request)
{
    if (names(http.accept, event_stream_type) || !http.last_event_id.empty())
        return true;
    return !request.since && !names(http.accept, "application/json");
}

Task<Result<Reply>> open_stream(Exchange& exchange, LiveSalesSince request)
{
    Reply reply{.content_type = event_stream_type};
    if (exchange.http.method == Method::head)
        co_return reply;
    const Caller& caller = exchange.caller;
    auto items = give<TenantItems>(exchange.ports, caller, nullptr);
    auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(std::move(currency.error()));
    auto watch = exchange.ports.get<LiveSales>().watch(caller.tenant);
    if (!watch)
        co_return std::unexpected(std::move(watch.error()));
    reply.events = std::make_shared<LiveStream>(Opened{.caller = caller,
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
                              "la cabecera Last-Event-ID no es el id de un evento de esta ruta: quítela para empezar "
                              "por lo que se venda ahora",
                              "the header Last-Event-ID is not the id of an event of this path: leave it out to begin "
                              "with what is sold now");
    }
    if (wants_stream(exchange.http, request))
        co_return co_await open_stream(exchange, std::move(request));
    auto items = give<TenantItems>(exchange.ports, exchange.caller, nullptr);
    auto page = co_await live_sales(exchange.caller, request, items, exchange.ports.get<Clock>());
    if (!page)
        co_return std::unexpected(std::move(page.error()));
    co_return detail::reply_of(exchange, std::move(*page));
}

} // namespace estante
