#include "processors/figures/live_sales_feed.hpp"

#include "processors/figures/daily_summary_batch.hpp"
#include "records/purchases.hpp"

#include <exception>
#include <optional>

namespace estante {

namespace {

std::optional<Purchase> purchase_in(const std::optional<Item>& image)
{
    if (!image)
        return std::nullopt;
    try {
        return purchase_from(*image);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

// A purchase that is stored so long after its creation came with a shop that moved here: nobody is buying.
constexpr std::int64_t longest_checkout_ms = 600'000;

} // namespace

void feed_live_sales(LiveSales& live, const std::vector<Change>& changes)
{
    for (const Change& change : changes) {
        if (!is_purchase(change.table, change.key))
            continue;
        const auto tenant = TenantId::parse(std::string_view(change.key.pk).substr(0, change.key.pk.find('#')));
        auto after = purchase_in(change.after);
        if (!tenant || !after)
            continue;
        const auto before = purchase_in(change.before);
        const bool went_off = is_cancelled_or_refunded(*after) && !(before && is_cancelled_or_refunded(*before));
        if (before && !went_off)
            continue; // paid, ready, shipped …
        auto purchase = std::make_shared<const Purchase>(std::move(*after));
        if (!change.before && change.at_ms - purchase->created_ms <= longest_checkout_ms)
            live.publish(*tenant, {.kind = LiveEvent::Kind::sale, .purchase = purchase});
        if (went_off)
            live.publish(*tenant, {.kind = LiveEvent::Kind::cancellation, .purchase = purchase});
    }
}

} // namespace estante
