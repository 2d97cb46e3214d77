// The progress of a copy. It is small; the caller saves it after each page and passes it in to resume the copy.
#pragma once

#include "domain/value.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>

namespace estante::moves {

// In this order.
enum class CopyPhase {
    markers,     // of counted purchases
    items,       // all others
    stale_items, // deletes those that the source lacks; only when the copy replaces items of the target
    changes,     // copies what the change stream of the source reports
    switching,   // the shop is suspended in the source and is being opened in the target
};

struct CopyProgress {
    CopyPhase phase = CopyPhase::markers;
    Table table = Table::users;     // being read
    std::optional<Cursor> cursor{}; // start of its next page
    std::int64_t items = 0;         // written to the target so far
    std::int64_t followed_ms = 0;   // when the change stream was last read to its end; 0: the copy has not started
    bool replaces = false;          // items of the target that the source lacks are deleted

    bool operator==(const CopyProgress&) const = default;
};

Map to_map(const CopyProgress& progress);
// Throws std::runtime_error for a map that to_map did not write.
CopyProgress progress_from(const Map& map);

} // namespace estante::moves
