#include "operations/imports/import_view.hpp"

#include "records/store_errors.hpp"

namespace estante::imports {

ImportView view_of(const ImportJob& job)
{
    ImportView view{.import_id = job.id,
                    .status = job.status,
                    .rows = job.counts.rows,
                    .created = job.counts.created,
                    .updated = job.counts.updated,
                    .unchanged = job.counts.unchanged,
                    .refused = job.counts.refused,
                    .failure = std::nullopt,
                    .created_at = {job.created_ms},
                    .updated_at = {job.updated_ms}};
    if (job.failure)
        view.failure = ReasonView{job.failure->es, job.failure->en};
    return view;
}

RefusedRowView view_of(const RowRefusal& refusal)
{
    return {.row = static_cast<std::int64_t>(refusal.row),
            .subject = refusal.subject,
            .reason = {refusal.reason.es, refusal.reason.en}};
}

Task<Result<ImportJob>> find_import(TenantItems& items, ImportId job)
{
    const auto item = co_await items.get(Table::books, import_key(job));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return failure(Errc::not_found, "No existe esa importación.", "There is no such import.");
    co_return import_from(**item);
}

} // namespace estante::imports
