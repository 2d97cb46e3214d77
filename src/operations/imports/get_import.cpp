#include "operations/imports/get_import.hpp"

#include "operations/imports/find_import.hpp"
#include "records/store_failure.hpp"

namespace estante::imports {

Task<Result<ImportProgress>> get_import(const Caller&, const GetImport& request, TenantItems& items)
{
    const auto job = co_await find_import(items, request.import_id);
    if (!job)
        co_return std::unexpected(job.error());
    ImportProgress progress;
    static_cast<ImportView&>(progress) = to_view(*job);
    const auto page = co_await items.query(refused_rows(job->id));
    if (!page)
        co_return store_failure(page.error());
    for (const Item& item : page->items)
        progress.refused_rows.push_back(to_view(refusal_from(item)));
    co_return progress;
}

} // namespace estante::imports
