#include "operations/users/list_users.hpp"

#include "records/page_token.hpp"
#include "records/store_failure.hpp"
#include "records/users.hpp"

namespace estante::users {

Task<Result<ListOf<Profile>>> list_users(const Caller&, const ListUsers& request, TenantItems& items)
{
    const auto limit = static_cast<std::size_t>(request.limit.value.value);
    const auto page = co_await items.query(users_query(limit, to_cursor(request.cursor)));
    if (!page)
        co_return store_failure(page.error());
    ListOf<Profile> list{.items = {}, .next_cursor = to_page_token(page->next)};
    for (const Item& item : page->items)
        list.items.push_back(to_profile(user_from(item)));
    co_return list;
}

} // namespace estante::users
