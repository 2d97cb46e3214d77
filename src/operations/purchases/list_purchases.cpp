#include "operations/purchases/list_purchases.hpp"

#include "records/page_token.hpp"
#include "records/purchases.hpp"
#include "records/store_failure.hpp"

namespace estante::purchases {

namespace {

// A request for a status reads at most this many pages of 100 purchases.
constexpr int max_reads = 10;
constexpr std::size_t read_size = 100;

Query query_of(const Caller& caller, const ListPurchases& request)
{
    TimeSpan span;
    if (request.from)
        span.first_ms = request.from->ms;
    if (request.to)
        span.last_ms = request.to->ms - 1;
    return caller.is_manager() ? purchases_of_shop(span) : purchases_of(caller.user, span);
}

// The cursor after this item, in the index that the query reads.
Cursor cursor_after(const Item& item, Index index)
{
    Cursor cursor{.key = key_of(item)};
    if (index != Index::primary)
        cursor.index_key = index_key_of(item, index);
    return cursor;
}

} // namespace

Task<Result<ListOf<PurchaseView>>> list_purchases(const Caller& caller, const ListPurchases& request,
                                                  TenantItems& items)
{
    if (request.from && request.to && request.to->ms <= request.from->ms)
        co_return invalid("?to", "out_of_range", "No es posterior a «from»: dé una hora posterior.",
                          "It is not after “from”: give a later time.");
    const auto limit = static_cast<std::size_t>(request.limit.value.value);
    auto query = query_of(caller, request);
    query.limit = request.status ? read_size : limit;
    query.after = to_cursor(request.cursor);

    ListOf<PurchaseView> list;
    for (int reads = 0; reads < max_reads; ++reads) {
        const auto page = co_await items.query(query);
        if (!page)
            co_return store_failure(page.error());
        for (std::size_t i = 0; i < page->items.size(); ++i) {
            const Purchase purchase = purchase_from(page->items[i]);
            if (request.status && purchase.status != *request.status)
                continue;
            list.items.push_back(to_view(purchase));
            const bool more = i + 1 < page->items.size() || page->next;
            if (list.items.size() == limit) {
                if (more)
                    list.next_cursor = to_page_token(cursor_after(page->items[i], query.index));
                co_return list;
            }
        }
        query.after = page->next;
        if (!query.after)
            co_return list;
    }
    list.next_cursor = to_page_token(query.after);
    co_return list;
}

} // namespace estante::purchases
