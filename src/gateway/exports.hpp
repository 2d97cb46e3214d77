// Exports of lists as tables: CSV for spreadsheets, Parquet for analysis.
#pragma once

#include "gateway/exchange.hpp"
#include "ports/table_export.hpp"

#include <string>
#include <string_view>

namespace estante {

inline constexpr std::string_view csv_type = "text/csv; charset=utf-8";
inline constexpr std::string_view parquet_type = "application/vnd.apache.parquet";
inline constexpr std::string_view export_types[] = {csv_type, parquet_type};

// The format that Accept prefers; JSON if it has no preference.
ListFormat preferred_format(std::string_view accept);

// RFC 4180 with CRLF, UTF-8 without a byte order mark, a header row; amounts as 29.99, times in RFC 3339.
std::string to_csv(const ExportedTable& table);

// The table as a file download. `name` has no extension; `format` is csv or parquet. Errors: those of TableExport.
Task<Result<Reply>> export_table(const Exchange& exchange, ListFormat format, ExportedTable table, std::string name);

} // namespace estante
