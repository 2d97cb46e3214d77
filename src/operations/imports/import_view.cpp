#include "operations/imports/import_view.hpp"

namespace estante::imports {

ImportView to_view(const ImportJob& job)
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

RefusedRowView to_view(const RowRefusal& refusal)
{
    return {.row = static_cast<std::int64_t>(refusal.row),
            .subject = refusal.subject,
            .reason = {refusal.reason.es, refusal.reason.en}};
}

} // namespace estante::imports
