#include "gateway/routes/tables.hpp"
#include "operations/imports/get_import.hpp"
#include "operations/imports/list_refused_rows.hpp"
#include "operations/imports/refused_rows_csv.hpp"
#include "operations/imports/start_import.hpp"

namespace estante::routes {

using namespace estante::imports;
using enum Access;
using enum Method;

std::span<const Route> imports()
{
    static constexpr Route table[] = {
        route<&start_import>("start_import", post, "/v1/imports", manager,
                             "Import a catalogue (CSV or NDJSON, also gzip)",
                             {.idempotency_table = Table::books, .upload = true}),
        route<&get_import>("get_import", get, "/v1/imports/{import_id}", manager, "Progress and result of an import"),
        route<&list_refused_rows>("list_refused_rows", get, "/v1/imports/{import_id}/refused-rows", manager,
                                  "The rows that an import refused"),
        route<&refused_rows_csv>("refused_rows_csv", get, "/v1/imports/{import_id}/refused-rows.csv", manager,
                                 "All rows that an import refused, as CSV"),
    };
    return table;
}

} // namespace estante::routes
