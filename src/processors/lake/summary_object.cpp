#include "processors/lake/summary_object.hpp"

#include "records/lake_objects.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

constexpr int most_meetings = 20;

} // namespace

Task<Result<void>> put_summary_object(ObjectStore& lake, TenantId tenant, DaySummary summary)
{
    const auto key = lake::summary_key(tenant, summary.day);
    const auto bytes = lake::summary_json(tenant, summary);
    for (int meeting = 0; meeting < most_meetings; ++meeting) {
        const auto there = co_await lake.get(key);
        if (!there)
            co_return lake_failure(there.error());
        // One that cannot be read is replaced: the store has the figures.
        if (*there && lake::summary_version((*there)->bytes).value_or(0) >= summary.version)
            co_return Result<void>{};
        IfObject condition{.absent = !*there};
        if (*there)
            condition.etag = (*there)->etag;
        const auto put = co_await lake.put(key, bytes, condition);
        if (put)
            co_return Result<void>{};
        if (put.error().code != ObjectError::Code::precondition_failed)
            co_return lake_failure(put.error());
    }
    co_return lake_failure({ObjectError::Code::unavailable, "others write this summary again and again"});
}

std::unexpected<Error> lake_failure(const ObjectError& error)
{
    if (error.code == ObjectError::Code::invalid)
        throw std::logic_error(fmt::format("The lake refused what no processor should ask: {}", error.detail));
    return failure(Errc::unavailable, fmt::format("El lago de datos no responde: {}", error.detail),
                   fmt::format("The data lake does not answer: {}", error.detail));
}

} // namespace estante
