// Moves one shop to another store while it sells. It is read-only from the last changes to the switch, and is never
// open in both stores.
#pragma once

#include "moves/copy_items.hpp"

namespace estante::moves {

struct MoveReport {
    bool switched = false; // open in the target, suspended in the source; else open in the source as before
    std::string reason{};  // English, one line: why it was not switched, or what needs attention although it was
    ItemCopier::Comparison comparison{};
};

// The copier's scope names the tenant. An interrupted move is resumed with its progress. An error names the state of
// the shop when it has changed.
Task<Result<MoveReport, std::string>> move_tenant(ItemCopier& copier, CopyProgress& progress);

} // namespace estante::moves
