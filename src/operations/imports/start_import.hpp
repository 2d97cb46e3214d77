#pragma once

#include "domain/caller.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/imports/import_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/import_jobs.hpp"

namespace estante::imports {

struct ImportOptions {
    std::optional<SourceName> source{};          // instead of the one that the file names
    std::optional<Text<1, 100>> category{};      // of rows that name none
    std::optional<Money> price{};                // of rows that name none
    Or<Int<0, Stock::max_on_hand>, 0> on_hand{}; // of new books whose rows do not say
};
BOOST_DESCRIBE_STRUCT(ImportOptions, (), (source, category, price, on_hand))

struct StartImport : ImportOptions {
    Upload upload; // filled by the host, never from the outside
};
BOOST_DESCRIBE_STRUCT(StartImport, (ImportOptions), ())

struct StartedImport : ImportView {
    int status_code() const { return 202; }
};
BOOST_DESCRIBE_STRUCT(StartedImport, (ImportView), ())

// Begins to import a catalogue (CSV or NDJSON, plain or gzip) that was uploaded; get_import shows how far it is.
// Errors: unsupported_media_type, conflict (another request with this key).
Task<Result<StartedImport>> start_import(const Caller& caller, const StartImport& request, TenantItems& items,
                                         ImportJobs& jobs, Clock& clock, Ids& ids,
                                         IdempotencyGuard<StartedImport>& idempotency);

} // namespace estante::imports
