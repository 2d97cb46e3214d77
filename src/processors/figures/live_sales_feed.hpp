// Publishes sales and cancellations of the change stream to live sales.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/live_sales_hub.hpp"

#include <vector>

namespace estante {

// Handles purchases (PURCHASE#) and skips everything else. The events are made from the images of the change, so a
// repeated change publishes the same events again. A purchase that was copied with its shop is no sale. A damaged
// purchase is skipped; purchases_stream logs it.
void feed_live_sales(LiveSalesHub& live, const std::vector<Change>& changes);

} // namespace estante
