// How far a copy has come: small, kept by whoever runs it after each page, and enough to go on from there.
#pragma once

#include "domain/value.hpp"
#include "ports/item_store.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>

namespace estante::moves {

// In this order. `counted` are the markers of what the summaries count. `leftovers` only for a copy that replaces what
// the target has; `changes` follows the change stream; from `switching` on the shop is closed at its source and is
// opened at the target.
enum class CopyPhase { counted, everything, leftovers, changes, switching };
BOOST_DESCRIBE_ENUM(CopyPhase, counted, everything, leftovers, changes, switching)

struct CopyProgress {
    CopyPhase phase = CopyPhase::counted;
    Table table = Table::users;     // that is being read
    std::optional<Cursor> cursor{}; // where its next page begins
    std::int64_t items = 0;         // written to the target so far
    std::int64_t followed_ms = 0;   // when the change stream was last read up to its end; 0: the copy has not begun
    bool replaces = false;          // the target's items that the source lacks are removed

    bool operator==(const CopyProgress&) const = default;
};

Map to_map(const CopyProgress& progress);
// Throws std::runtime_error for what to_map did not make.
CopyProgress progress_from(const Map& map);

} // namespace estante::moves
