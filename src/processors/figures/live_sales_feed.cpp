#include "processors/figures/live_sales_feed.hpp"

#include "domain/purchase.hpp"
#include "records/purchases.hpp"

#include <exception>
#include <optional>

namespace estante {

namespace {

std::optional<Purchase> parse_purchase(const std::optional<Item>& image)
{
    if (!image)
        return std::nullopt;
    try {
        return purchase_from(*image);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

// A purchase that is stored later than this after its creation was copied with its shop.
constexpr std::int64_t max_checkout_ms = 600'000;

} // namespace

void feed_live_sales(LiveSalesHub& live, const std::vector<Change>& changes)
{
    for (const Change& change : changes) {
        if (!is_purchase(change.table, change.key))
            continue;
        const auto tenant = TenantId::parse(std::string_view(change.key.pk).substr(0, change.key.pk.find('#')));
        auto after = parse_purchase(change.after);
        if (!tenant || !after)
            continue;
        const auto before = parse_purchase(change.before);
        const bool became_cancelled =
            is_cancelled_or_refunded(*after) && !(before && is_cancelled_or_refunded(*before));
        if (before && !became_cancelled)
            continue; // paid, ready, shipped …
        auto purchase = std::make_shared<const Purchase>(std::move(*after));
        if (!change.before && change.at_ms - purchase->created_ms <= max_checkout_ms)
            live.publish(*tenant, {.kind = LiveEvent::Kind::sale, .purchase = purchase});
        if (became_cancelled)
            live.publish(*tenant, {.kind = LiveEvent::Kind::cancellation, .purchase = purchase});
    }
}

} // namespace estante
