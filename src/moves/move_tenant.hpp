// Moves one shop to another store while it sells: it is read-only from the last changes to the switch, and open in one
// store at a time.
#pragma once

#include "moves/copy_items.hpp"

namespace estante::moves {

struct MoveReport {
    bool switched = false; // the shop is open in the target and suspended in the source; else open as before
    std::string reason{};  // one line in English: why it was not switched, or what is to be looked at although it was
    ItemCopier::Comparison comparison{};
};

// The copier's scope names the tenant. A move that was cut off is repeated with its progress. An error says in which
// state the shop is when that is another than before.
Task<Moved<MoveReport>> move_tenant(ItemCopier& copier, CopyProgress& progress);

} // namespace estante::moves
