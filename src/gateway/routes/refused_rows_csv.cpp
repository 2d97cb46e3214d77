#include "gateway/routes/refused_rows_csv.hpp"

#include <csv.h>
#include <fmt/format.h>

namespace estante::imports {

namespace {

// A text that a spreadsheet would take for a formula gets an apostrophe (OWASP: CSV injection).
void add_cell(std::string& out, std::string_view raw)
{
    constexpr std::string_view begins_formula = "=+-@\t\r";
    const std::string text = (!raw.empty() && begins_formula.contains(raw[0]) ? "'" : "") + std::string(raw);
    std::string cell(csv_write(nullptr, 0, text.data(), text.size()), '\0');
    csv_write(cell.data(), cell.size(), text.data(), text.size());
    (out += ',') += cell;
}

} // namespace

Task<Result<CsvText>> refused_rows_csv(const Caller& caller, const RefusedRowsCsv& request, TenantItems& items)
{
    CsvText csv{"row,subject,reason_es,reason_en\r\n"};
    ListRefusedRows page{.import_id = request.import_id, .cursor = {}, .limit = {}};
    page.limit.value.value = 100;
    do {
        const auto rows = co_await list_refused_rows(caller, page, items);
        if (!rows)
            co_return std::unexpected(rows.error());
        for (const RefusedRowView& row : rows->items) {
            csv.text += std::to_string(row.row);
            add_cell(csv.text, row.subject);
            add_cell(csv.text, row.reason.es);
            add_cell(csv.text, row.reason.en);
            csv.text += "\r\n";
        }
        page.cursor = rows->next_cursor.value;
    } while (page.cursor);
    co_return csv;
}

} // namespace estante::imports
