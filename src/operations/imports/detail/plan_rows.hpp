// Decides what the rows of a catalogue change in the shop.
#pragma once

#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"
#include "ports/id_generator.hpp"
#include "ports/tenant_items.hpp"
#include "records/import_records.hpp"

#include <string>
#include <vector>

namespace estante::imports {

// A row with its defaults applied, the source that its claim has as key, and the digest of its content.
struct IdentifiedRow {
    CatalogueRow row;
    std::string source; // "gutenberg:320"
    std::string digest;
};
IdentifiedRow identify_row(CatalogueRow row, const ImportDefaults& defaults);

// The actions that import a row, none if it changes nothing; or the reason why it is refused.
struct RowPlan {
    enum class Outcome { created, updated, unchanged, refused };

    Outcome outcome = Outcome::unchanged;
    std::vector<Action> actions{};
    Phrase reason{}; // if it is refused
};

// Plans each row against the shop as it is now. At most 100 rows, each with another source and another pair of ISBN and
// condition, so that their transactions do not conflict.
Task<Result<std::vector<RowPlan>>> plan_rows(TenantItems& items, const std::vector<IdentifiedRow>& rows,
                                             IdGenerator& ids, std::int64_t now_ms);

} // namespace estante::imports
