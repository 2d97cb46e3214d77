// GET /v1/analytics/live: a page of what is new as JSON, or the sales as they happen as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
#pragma once

#include "gateway/route.hpp"

namespace estante {

inline constexpr std::string_view event_stream_type = "text/event-stream";
inline constexpr std::string_view live_types[] = {event_stream_type};

// Events: `sale` and `cancellation` (a LiveSale; with the id of the place after it), `today` (a LiveDay, at first and
// whenever it has changed), `gap` (some were lost: read again what you show), `end` (why the stream ends here). A
// comment comes whenever nothing else has for `heartbeat_ms`. It begins after `since` or Last-Event-ID, else now. It
// ends with the token, the session and the shop's being open, and when the caller is no manager any more.
inline constexpr std::int64_t heartbeat_ms = 10'000;
Task<Result<Reply>> call_live_sales(Exchange& exchange);

// A route of operation `live_sales` that is called so.
consteval Route streaming(Route route)
{
    route.call = &call_live_sales;
    route.other_types = live_types;
    return route;
}

} // namespace estante
