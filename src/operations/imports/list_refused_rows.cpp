#include "operations/imports/list_refused_rows.hpp"

#include "operations/imports/find_import.hpp"
#include "records/page_token.hpp"
#include "records/store_failure.hpp"

namespace estante::imports {

Task<Result<ListOf<RefusedRowView>>> list_refused_rows(const Caller&, const ListRefusedRows& request,
                                                       TenantItems& items)
{
    const auto job = co_await find_import(items, request.import_id);
    if (!job)
        co_return std::unexpected(job.error());
    auto query = refused_rows(job->id);
    query.limit = static_cast<std::size_t>(request.limit.value.value);
    query.after = to_cursor(request.cursor);
    const auto page = co_await items.query(std::move(query));
    if (!page)
        co_return store_failure(page.error());
    ListOf<RefusedRowView> list{.items = {}, .next_cursor = to_page_token(page->next)};
    for (const Item& item : page->items)
        list.items.push_back(to_view(refusal_from(item)));
    co_return list;
}

} // namespace estante::imports
