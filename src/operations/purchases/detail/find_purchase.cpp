#include "operations/purchases/detail/find_purchase.hpp"

#include "records/purchases.hpp"
#include "records/store_failure.hpp"

namespace estante::purchases {

namespace {

std::unexpected<Error> no_such_purchase()
{
    return failure(Errc::not_found, "No existe ninguna compra con ese identificador en esta tienda.",
                   "This shop has no purchase with that id.");
}

} // namespace

Task<Result<Purchase>> find_purchase(TenantItems& items, const Caller& caller, PurchaseId purchase)
{
    const auto own = co_await items.get(Table::purchases, purchase_key(caller.user, purchase));
    if (!own)
        co_return store_failure(own.error());
    if (*own)
        co_return purchase_from(**own);
    if (!caller.is_manager())
        co_return no_such_purchase();

    const auto page = co_await items.query(purchase_by_id(purchase));
    if (!page)
        co_return store_failure(page.error());
    if (page->items.empty())
        co_return no_such_purchase();
    // The index can lag behind the table, so the purchase itself is read from the table.
    const auto item = co_await items.get(Table::purchases, key_of(page->items.front()));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return no_such_purchase();
    co_return purchase_from(**item);
}

} // namespace estante::purchases
