// GET /v1/analytics/live: a page of new sales as JSON, or live sales as server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
#pragma once

#include "gateway/route.hpp"

namespace estante {

inline constexpr std::string_view event_stream_type = "text/event-stream";
inline constexpr std::string_view live_types[] = {event_stream_type};

// Events: `sale` and `cancellation` (a LiveSale, with the cursor after it as id), `today` (a LiveDay, at the start and
// after each change), `gap` (events were lost: reload what you show), `end` (with the reason). A comment is sent after
// `heartbeat_ms` without an event. The stream starts after `since` or Last-Event-ID, or else now. It ends when the
// token expires, the session ends, the shop is suspended, or the caller is no longer a manager.
inline constexpr std::int64_t heartbeat_ms = 10'000;
Task<Result<Reply>> call_live_sales(Exchange& exchange);

// The route of the operation `live_sales` with an event stream as its other type.
consteval Route streaming(Route route)
{
    route.call = &call_live_sales;
    route.other_types = live_types;
    return route;
}

} // namespace estante
