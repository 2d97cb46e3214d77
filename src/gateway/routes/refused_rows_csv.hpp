// The refused rows of an import for a spreadsheet.
#pragma once

#include "operations/imports/list_refused_rows.hpp"

#include <string>
#include <string_view>

namespace estante::imports {

struct RefusedRowsCsv {
    ImportId import_id;
};
BOOST_DESCRIBE_STRUCT(RefusedRowsCsv, (), (import_id))

// Columns row, subject, reason_es, reason_en; RFC 4180.
struct CsvText {
    static constexpr std::string_view media_type = "text/csv; charset=utf-8";
    std::string text;
};
BOOST_DESCRIBE_STRUCT(CsvText, (), (text))

Task<Result<CsvText>> refused_rows_csv(const Caller& caller, const RefusedRowsCsv& request, TenantItems& items);

} // namespace estante::imports
