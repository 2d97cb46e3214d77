#pragma once

#include "domain/caller.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/imports/import_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/import_jobs.hpp"

namespace estante::imports {

struct ImportOptions {
    std::optional<SourceName> source{};          // replaces the source in the file
    std::optional<Text<1, 100>> category{};      // for rows without one
    std::optional<Money> price{};                // for rows without one
    Or<Int<0, Stock::max_on_hand>, 0> on_hand{}; // for new books whose rows have none
};
BOOST_DESCRIBE_STRUCT(ImportOptions, (), (source, category, price, on_hand))

struct StartImport : ImportOptions {
    Upload upload; // set by the host, never by the client
};
BOOST_DESCRIBE_STRUCT(StartImport, (ImportOptions), ())

struct StartedImport : ImportView {
    int status_code() const { return 202; }
};
BOOST_DESCRIBE_STRUCT(StartedImport, (ImportView), ())

// Starts the import of an uploaded catalogue (CSV or NDJSON, plain or gzip); get_import shows its progress.
// Errors: unsupported_media_type, conflict (another request with this key).
Task<Result<StartedImport>> start_import(const Caller& caller, const StartImport& request, TenantItems& items,
                                         ImportJobs& jobs, Clock& clock, IdGenerator& ids,
                                         IdempotencyGuard<StartedImport>& idempotency);

} // namespace estante::imports
