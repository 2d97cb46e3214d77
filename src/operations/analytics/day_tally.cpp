#include "operations/analytics/day_tally.hpp"

#include "records/purchases.hpp"
#include "records/store_failure.hpp"
#include "runtime/yield.hpp"

namespace estante::analytics {

namespace {

// A checkout commits much sooner after its purchase's creation time than this.
constexpr std::int64_t max_commit_ms = 60'000;

} // namespace

void DayTally::count(const Purchase& purchase, int sign)
{
    const auto add_signed = [sign](std::uint64_t& sum, std::int64_t part) {
        sum += static_cast<std::uint64_t>(sign * part);
    };
    add_signed(sales_.purchases, 1);
    sales_.revenue_cents += sign * purchase.total.cents;
    for (const PurchaseLine& line : purchase.lines)
        add_signed(sales_.items, line.quantity);
}

Task<Result<void>> DayTally::read(TenantItems& items, Day day, std::int64_t now_ms)
{
    *this = DayTally();
    day_ = day;
    settled_ms_ = now_ms - max_commit_ms;
    const Period period{.first = day, .last = day};
    auto query = purchases_of_shop({.first_ms = first_ms(period), .last_ms = end_ms(period) - 1});
    query.limit = 100;
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return store_failure(page.error());
        for (const Item& item : page->items) {
            const Purchase purchase = purchase_from(item);
            if (is_cancelled_or_refunded(purchase))
                cancelled_.insert(purchase.id.value);
            else
                count(purchase, 1);
            if (purchase.created_ms >= settled_ms_)
                seen_.insert(purchase.id.value);
        }
        query.after = page->next;
        co_await yield();
    } while (query.after);
    co_return Result<void>();
}

void DayTally::add(const LiveEvent& event)
{
    if (!event.purchase || day_of(event.purchase->created_ms) != day_)
        return;
    const Purchase& purchase = *event.purchase;
    if (event.kind == LiveEvent::Kind::sale) {
        if (purchase.created_ms >= settled_ms_ && !seen_.contains(purchase.id.value))
            count(purchase, 1);
    } else if (event.kind == LiveEvent::Kind::cancellation && !cancelled_.contains(purchase.id.value)) {
        count(purchase, -1);
    }
}

} // namespace estante::analytics
