// What one row of a catalogue does to the shop.
#pragma once

#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/random.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <string>
#include <vector>

namespace estante::imports {

// A row, with its defaults, the name it is claimed under and the digest of what it says.
struct IdentifiedRow {
    CatalogueRow row;
    std::string source; // "gutenberg:320"
    std::string digest;
};
IdentifiedRow incoming(CatalogueRow row, const ImportDefaults& defaults);

// The actions that bring a row in, none if it changes nothing; or why it is refused.
struct RowPlan {
    enum class Outcome { created, updated, unchanged, refused };

    Outcome outcome = Outcome::unchanged;
    std::vector<Action> actions{};
    Phrase reason{}; // of a refused one
};

// The step of each row on the shop as it is now. At most 100 rows, which differ in their sources and in the pairs of
// ISBN and condition: the transactions that they become do not meet.
Task<Result<std::vector<RowPlan>>> plan_rows(TenantItems& items, const std::vector<IdentifiedRow>& rows, Ids& ids,
                                             std::int64_t now_ms);

} // namespace estante::imports
