// How far somebody has seen a shop's sales: an event's id, and what `?since=` takes.
//
// Purchases have no order but that of their creation, and two checkouts may commit the other way round. So a cursor
// goes back a little and names the sales after that point that were seen: "{ms}.{ulid}.{ulid}…". Nothing that is
// committed within `overlap_ms` of its creation is missed, and nothing comes twice. Also a plain RFC 3339 time is one.
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
    static constexpr std::size_t max_seen = 40; // with more in the overlap, the overlap is shorter
    static constexpr TextFormat format{"el «cursor» de una respuesta anterior, el id de un evento, o una hora como "
                                       "2026-01-31T09:30:00Z",
                                       "the “cursor” of an earlier answer, the id of an event, or a time as "
                                       "2026-01-31T09:30:00Z"};
    static constexpr std::string_view pattern = "";
    std::string value;

    auto operator<=>(const LiveCursor&) const = default;
    static std::optional<LiveCursor> parse(std::string_view text);
};

// The same, to work with.
class SeenSales {
public:
    explicit SeenSales(std::int64_t from_ms) : from_ms_(from_ms) {}
    explicit SeenSales(const LiveCursor& cursor); // one that went through `parse`

    std::int64_t from_ms() const { return from_ms_; }
    bool is_named(const PurchaseId& purchase) const; // among those that were seen last
    bool is_new(const PurchaseId& purchase) const;
    void add(const PurchaseId& purchase);
    LiveCursor cursor() const;

private:
    std::int64_t from_ms_; // of older ones nothing is new
    std::vector<PurchaseId> seen_;

    void forget_before(std::int64_t ms);
};

} // namespace estante::analytics
