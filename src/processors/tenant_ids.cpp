#include "processors/tenant_ids.hpp"

#include "records/tenants.hpp"

#include <optional>
#include <utility>

namespace estante {

Task<StoreResult<std::vector<TenantId>>> read_tenant_ids(AllItems items)
{
    constexpr std::size_t page_size = 100;
    std::vector<TenantId> ids;
    std::optional<Cursor> after;
    do {
        auto page = co_await items.store().query(tenants_query(page_size, after));
        if (!page)
            co_return std::unexpected(std::move(page.error()));
        for (const Item& item : page->items)
            ids.push_back(tenant_from(item).id);
        after = std::move(page->next);
    } while (after);
    co_return ids;
}

} // namespace estante
