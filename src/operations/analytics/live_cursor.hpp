// A position in a shop's sales: the id of an event, and the value of `?since=`.
//
// Purchases are ordered by their creation time, and two checkouts may commit in the other order. So a cursor points a
// little back in time and lists the sales after that point that were already sent: "{ms}.{ulid}.{ulid}…". A sale that
// commits within `overlap_ms` of its creation time is never missed, and no sale comes twice. An RFC 3339 time is a
// cursor too.
#pragma once

#include "domain/ids.hpp"
#include "domain/text_format.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analytics {

struct LiveCursor {
    static constexpr std::int64_t overlap_ms = 5'000;
    static constexpr std::size_t max_seen = 40; // with more sales in the overlap, the overlap gets shorter
    static constexpr TextFormat format{"el «cursor» de una respuesta anterior, el id de un evento, o una hora como "
                                       "2026-01-31T09:30:00Z",
                                       "the “cursor” of an earlier response, the id of an event, or a time such as "
                                       "2026-01-31T09:30:00Z"};
    static constexpr std::string_view pattern = "";
    std::string value;

    auto operator<=>(const LiveCursor&) const = default;
    static std::optional<LiveCursor> parse(std::string_view text);
};

// A cursor in memory, which advances with each sale.
class SeenSales {
public:
    explicit SeenSales(std::int64_t from_ms) : from_ms_(from_ms) {}
    explicit SeenSales(const LiveCursor& cursor); // a result of `parse`

    std::int64_t from_ms() const { return from_ms_; }
    bool is_named(const PurchaseId& purchase) const; // listed in the cursor
    bool is_new(const PurchaseId& purchase) const;
    void add(const PurchaseId& purchase);
    LiveCursor cursor() const;

private:
    std::int64_t from_ms_; // older sales are not new
    std::vector<PurchaseId> seen_;

    void drop_before(std::int64_t ms);
};

} // namespace estante::analytics
