#include "gateway/exports.hpp"

#include "codec/timestamp.hpp"
#include "domain/money.hpp"
#include "codec/csv_cells.hpp"

#include <algorithm>
#include <charconv>

namespace estante {

namespace {

// How much an Accept header likes a type that it names, itself or by its kind ("text/*"), 0 to 1; of another, 0.
double liking(std::string_view accept, std::string_view type)
{
    const auto kind = type.substr(0, type.find('/'));
    while (!accept.empty()) {
        const auto comma = std::min(accept.find(','), accept.size());
        auto range = accept.substr(0, comma);
        accept.remove_prefix(std::min(comma + 1, accept.size()));
        range.remove_prefix(std::min(range.find_first_not_of(' '), range.size()));
        const auto name = range.substr(0, range.find_first_of("; "));
        if (name != type && !(name.ends_with("/*") && name.substr(0, name.size() - 2) == kind))
            continue;
        double quality = 1;
        if (const auto at = range.find("q="); at != range.npos)
            std::from_chars(range.data() + at + 2, range.data() + range.size(), quality);
        return quality;
    }
    return 0;
}

void add_cell(std::string& out, ExportedTable::Kind kind, const ExportedTable::Cell& cell)
{
    switch (kind) {
    case ExportedTable::Kind::text:
        add_csv_cell(out, std::get<std::string>(cell));
        break;
    case ExportedTable::Kind::whole:
        out += std::to_string(std::get<std::int64_t>(cell));
        break;
    case ExportedTable::Kind::amount:
        out += to_string(Money{std::get<std::int64_t>(cell)});
        break;
    case ExportedTable::Kind::moment:
        out += to_string(Timestamp{std::get<std::int64_t>(cell)});
        break;
    }
}

} // namespace

ListFormat accepted_format(std::string_view accept)
{
    const double json = liking(accept, "application/json");
    const double csv = liking(accept, "text/csv");
    const double parquet = liking(accept, parquet_type);
    if (json >= csv && json >= parquet)
        return ListFormat::json;
    return csv >= parquet ? ListFormat::csv : ListFormat::parquet;
}

std::string csv_of(const ExportedTable& table)
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
        co_return Reply{.body = csv_of(table), .content_type = csv_type, .file_name = name + ".csv"};
    auto bytes = co_await exchange.ports.get<TableExport>().parquet(std::move(table));
    if (!bytes)
        co_return std::unexpected(std::move(bytes.error()));
    co_return Reply{.body = std::move(*bytes), .content_type = parquet_type, .file_name = name + ".parquet"};
}

} // namespace estante
