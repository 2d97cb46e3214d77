#include "gateway/exports.hpp"

#include "codec/csv_cells.hpp"
#include "codec/timestamp.hpp"
#include "domain/money.hpp"
#include "gateway/preferences.hpp"

#include <utility>

namespace estante {

namespace {

// The quality that Accept gives to a media type by name or by its kind ("text/*"); 0 if it names neither.
double quality_of(std::string_view accept, std::string_view media_type)
{
    const auto kind = media_type.substr(0, media_type.find('/'));
    double found = 0;
    each_preference(accept, [&](std::string_view range, double quality) {
        if (range != media_type && !(range.ends_with("/*") && range.substr(0, range.size() - 2) == kind))
            return true;
        found = quality;
        return false;
    });
    return found;
}

void add_cell(std::string& out, ExportedTable::Kind kind, const ExportedTable::Cell& cell)
{
    switch (kind) {
    case ExportedTable::Kind::text:
        add_csv_cell(out, std::get<std::string>(cell));
        break;
    case ExportedTable::Kind::integer:
        out += std::to_string(std::get<std::int64_t>(cell));
        break;
    case ExportedTable::Kind::amount:
        out += to_string(Money{std::get<std::int64_t>(cell)});
        break;
    case ExportedTable::Kind::timestamp:
        out += to_string(Timestamp{std::get<std::int64_t>(cell)});
        break;
    }
}

} // namespace

ListFormat preferred_format(std::string_view accept)
{
    const double json = quality_of(accept, "application/json");
    const double csv = quality_of(accept, "text/csv");
    const double parquet = quality_of(accept, parquet_type);
    if (json >= csv && json >= parquet)
        return ListFormat::json;
    return csv >= parquet ? ListFormat::csv : ListFormat::parquet;
}

std::string to_csv(const ExportedTable& table)
{
    std::string out;
    for (bool first = true; const auto& column : table.columns)
        (out += std::exchange(first, false) ? "" : ",") += column.name;
    out += "\r\n";
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            add_cell(out += i == 0 ? "" : ",", table.columns[i].kind, row[i]);
        out += "\r\n";
    }
    return out;
}

Task<Result<Reply>> export_table(const Exchange& exchange, ListFormat format, ExportedTable table, std::string name)
{
    if (format == ListFormat::csv)
        co_return Reply{.body = to_csv(table), .content_type = csv_type, .file_name = name + ".csv"};
    auto bytes = co_await exchange.ports.get<TableExport>().parquet(std::move(table));
    if (!bytes)
        co_return std::unexpected(std::move(bytes.error()));
    co_return Reply{.body = std::move(*bytes), .content_type = parquet_type, .file_name = name + ".parquet"};
}

} // namespace estante
