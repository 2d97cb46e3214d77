// Lists as tables for other programs: CSV for spreadsheets, Parquet for analysts.
#pragma once

#include "gateway/exchange.hpp"
#include "ports/table_export.hpp"

#include <string>
#include <string_view>

namespace estante {

inline constexpr std::string_view csv_type = "text/csv; charset=utf-8";
inline constexpr std::string_view parquet_type = "application/vnd.apache.parquet";
inline constexpr std::string_view export_types[] = {csv_type, parquet_type};

// What a header Accept likes best of the three; JSON where it does not say or likes two as much.
ListFormat accepted_format(std::string_view accept);

// RFC 4180 with CRLF, UTF-8 without a byte order mark, the first row names the columns; amounts as 29.99, moments as
// RFC 3339.
std::string csv_of(const ExportedTable& table);

// The table as a file to be saved: `name` has no ending. `format` is csv or parquet. Errors: those of TableExport.
Task<Result<Reply>> export_table(const Exchange& exchange, ListFormat format, ExportedTable table, std::string name);

} // namespace estante
