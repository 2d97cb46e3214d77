#include "processors/lake/summary_object.hpp"

#include "processors/lake/lake_failure.hpp"
#include "records/lake_objects.hpp"

namespace estante {

Task<Result<void>> put_summary_object(ObjectStore& lake, TenantId tenant, DaySummary summary)
{
    constexpr int max_attempts = 20;
    const auto key = lake::summary_key(tenant, summary.day);
    const auto bytes = lake::summary_json(tenant, summary);
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        const auto current = co_await lake.get(key);
        if (!current)
            co_return lake_failure(current.error());
        // An unreadable object is replaced: the store has the figures.
        if (*current && lake::summary_version((*current)->bytes).value_or(0) >= summary.version)
            co_return Result<void>{};
        IfObject condition{.absent = !*current};
        if (*current)
            condition.etag = (*current)->etag;
        const auto put = co_await lake.put(key, bytes, condition);
        if (put)
            co_return Result<void>{};
        if (put.error().code != ObjectError::Code::precondition_failed)
            co_return lake_failure(put.error());
    }
    co_return lake_failure({ObjectError::Code::unavailable, key + " is under contention"});
}

} // namespace estante
