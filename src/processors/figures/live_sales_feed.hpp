// Tells those who watch a shop of its sales and cancellations.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/live_sales.hpp"

#include <vector>

namespace estante {

// Looks at purchases (PURCHASE#) in their table; everything else passes by. It tells what the change itself holds, so
// the same change tells the same again. What a shop brings along when it moves here is no sale. A damaged purchase is
// logged by its own processor, and told by none.
void feed_live_sales(LiveSales& live, const std::vector<Change>& changes);

} // namespace estante
