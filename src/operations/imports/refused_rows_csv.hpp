// The refused rows of an import as a CSV file, for a spreadsheet.
#pragma once

#include "operations/imports/list_refused_rows.hpp"

#include <string>
#include <string_view>

namespace estante::imports {

struct RefusedRowsCsv {
    ImportId import_id;
};
BOOST_DESCRIBE_STRUCT(RefusedRowsCsv, (), (import_id))

// RFC 4180 with the columns row, subject, reason_es, reason_en.
struct CsvText {
    static constexpr std::string_view media_type = "text/csv; charset=utf-8";
    std::string text;
};
BOOST_DESCRIBE_STRUCT(CsvText, (), (text))

// All rows that list_refused_rows lists. Errors: not_found.
Task<Result<CsvText>> refused_rows_csv(const Caller& caller, const RefusedRowsCsv& request, TenantItems& items);

} // namespace estante::imports
