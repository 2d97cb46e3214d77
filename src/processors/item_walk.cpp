#include "processors/item_walk.hpp"

#include "processors/tenant_ids.hpp"
#include "records/books.hpp"
#include "records/purchases.hpp"
#include "records/users.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante {

namespace {

constexpr std::size_t page_size = 500;

} // namespace

ItemWalk::ItemWalk(AllItems items, Clock& clock, std::vector<Query> queries,
                   std::optional<std::vector<TenantId>> tenants)
    : items_(items), clock_(clock), queries_(std::move(queries)), tenants_(std::move(tenants))
{
}

Task<StoreResult<std::vector<Change>>> ItemWalk::next()
{
    if (!tenants_) {
        auto tenants = co_await read_tenant_ids(items_);
        if (!tenants)
            co_return std::unexpected(std::move(tenants.error()));
        tenants_ = std::move(*tenants);
    }
    std::vector<Change> changes;
    while (changes.empty() && tenant_ < tenants_->size() && !queries_.empty()) {
        const TenantId& tenant = tenants_->at(tenant_);
        Query query = queries_.at(query_);
        query.limit = page_size;
        query.after = after_;
        TenantItems items = items_.of(tenant);
        auto page = co_await items.query(query);
        if (!page)
            co_return std::unexpected(page.error());
        for (Item& item : page->items) {
            Key key = key_of(item);
            key.pk = fmt::format("{}#{}", tenant.value, key.pk);
            changes.push_back(
                {.table = query.table, .key = std::move(key), .after = std::move(item), .at_ms = clock_.now_ms()});
        }
        advance(std::move(page->next));
    }
    co_return changes;
}

void ItemWalk::advance(std::optional<Cursor> next)
{
    after_ = std::move(next);
    if (after_ || ++query_ < queries_.size())
        return;
    query_ = 0;
    ++tenant_;
}

std::vector<Query> queries_for_books_stream()
{
    return {all_entries()};
}

std::vector<Query> queries_for_purchases_stream()
{
    Query purchases = purchases_of_shop({});
    purchases.forward = true;
    return {std::move(purchases), users_query(page_size, std::nullopt)};
}

} // namespace estante
