#include "operations/analytics/live_sales.hpp"

#include "operations/analytics/day_tally.hpp"
#include "operations/tenants/find_currency.hpp"
#include "records/purchases.hpp"
#include "records/store_failure.hpp"

namespace estante::analytics {

LiveSale live_sale_of(const Purchase& purchase)
{
    LiveSale sale{.purchase_id = purchase.id,
                  .number = purchase.number,
                  .user_id = purchase.user_id,
                  .status = purchase.status,
                  .total_amount = purchase.total,
                  .currency = {purchase.currency},
                  .created_at = {purchase.created_ms}};
    for (const PurchaseLine& line : purchase.lines)
        sale.items.push_back(
            {.book_id = line.book_id, .title = line.title, .quantity = line.quantity, .subtotal = line.subtotal});
    return sale;
}

Task<Result<NewSales>> new_sales(TenantItems& items, SeenSales& seen)
{
    NewSales found;
    auto query = purchases_of_shop({.first_ms = seen.from_ms()});
    query.forward = true;
    query.limit = max_live_sales;
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return store_failure(page.error());
        for (const Item& item : page->items) {
            Purchase purchase = purchase_from(item);
            if (!seen.is_new(purchase.id))
                continue;
            if (found.purchases.size() == max_live_sales) {
                found.more = true;
                co_return found;
            }
            seen.add(purchase.id);
            found.purchases.push_back(std::move(purchase));
        }
        query.after = page->next;
    } while (query.after);
    co_return found;
}

Task<Result<SeenSales>> mark_existing_sales(TenantItems& items, Clock& clock)
{
    SeenSales seen(clock.now_ms() - LiveCursor::overlap_ms);
    for (bool more = true; more;) {
        const auto old = co_await new_sales(items, seen);
        if (!old)
            co_return std::unexpected(old.error());
        more = old->more;
    }
    co_return seen;
}

Task<Result<LiveSalesPage>> live_sales(const Caller&, const LiveSalesSince& request, TenantItems& items, Clock& clock)
{
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    LiveSalesPage page;
    if (request.since) {
        SeenSales seen(*request.since);
        const auto sales = co_await new_sales(items, seen);
        if (!sales)
            co_return std::unexpected(sales.error());
        for (const Purchase& purchase : sales->purchases)
            page.items.push_back(live_sale_of(purchase));
        page.more = sales->more;
        page.cursor = seen.cursor();
    } else {
        const auto seen = co_await mark_existing_sales(items, clock);
        if (!seen)
            co_return std::unexpected(seen.error());
        page.cursor = seen->cursor();
    }
    DayTally today;
    const auto now_ms = clock.now_ms();
    if (const auto read = co_await today.read(items, day_of(now_ms), now_ms); !read)
        co_return std::unexpected(read.error());
    page.today = {.day = CalendarDate::of(today.day()),
                  .purchases = today.sales().purchases,
                  .items = today.sales().items,
                  .revenue = {today.sales().revenue_cents},
                  .currency = *currency};
    co_return page;
}

} // namespace estante::analytics
