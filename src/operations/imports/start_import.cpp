#include "operations/imports/start_import.hpp"

#include "operations/detail/if_match.hpp"
#include "records/store_failure.hpp"

#include <algorithm>
#include <array>

namespace estante::imports {

namespace {

constexpr std::array<std::string_view, 4> catalogue_types{"text/csv", "application/x-ndjson", "application/gzip",
                                                          "application/octet-stream"};

std::string_view without_parameters(std::string_view media_type)
{
    media_type = media_type.substr(0, media_type.find(';'));
    return media_type.substr(0, media_type.find_last_not_of(' ') + 1);
}

} // namespace

Task<Result<StartedImport>> start_import(const Caller& caller, const StartImport& request, TenantItems& items,
                                         ImportJobs& jobs, Clock& clock, IdGenerator& ids,
                                         IdempotencyGuard<StartedImport>& idempotency)
{
    const auto media_type = without_parameters(request.upload.media_type);
    if (std::ranges::find(catalogue_types, media_type) == catalogue_types.end())
        co_return failure(
            Errc::unsupported_media_type,
            "Un catálogo se importa como text/csv o application/x-ndjson, también comprimido (application/gzip).",
            "A catalogue is imported as text/csv or application/x-ndjson, also compressed (application/gzip).");

    const auto now_ms = clock.now_ms();
    const ImportJob job{.id = ids.make<ImportId>(),
                        .media_type = std::string(media_type),
                        .defaults = {.source = request.source,
                                     .category = request.category,
                                     .price = request.price,
                                     .on_hand = request.on_hand.value.value},
                        .created_ms = now_ms,
                        .updated_ms = now_ms};
    StartedImport started;
    static_cast<ImportView&>(started) = to_view(job);
    std::vector<Action> actions{Put{.table = Table::books, .item = to_item(job), .conditions = {Absent{}}}};
    idempotency.add_record_to(actions, Table::books, started);
    const auto stored = co_await items.transact(std::move(actions));
    if (!stored) {
        if (is_condition_failed(stored.error()))
            co_return write_conflict();
        co_return store_failure(stored.error());
    }
    co_await jobs.start(caller.tenant, job.id, request.upload);
    co_return started;
}

} // namespace estante::imports
