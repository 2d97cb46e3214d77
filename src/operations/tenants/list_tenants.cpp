#include "operations/tenants/list_tenants.hpp"

#include "records/page_token.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

Task<Result<ListOf<TenantView>>> list_tenants(const Caller&, const ListTenants& request, AllItems& all)
{
    const auto limit = static_cast<std::size_t>(request.limit.value.value);
    const auto page = co_await all.store().query(tenants_query(limit, to_cursor(request.cursor)));
    if (!page)
        co_return store_failure(page.error());
    ListOf<TenantView> list{.items = {}, .next_cursor = to_page_token(page->next)};
    for (const Item& item : page->items)
        list.items.push_back(to_view(tenant_from(item)));
    co_return list;
}

} // namespace estante::tenants
