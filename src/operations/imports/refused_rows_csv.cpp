#include "operations/imports/refused_rows_csv.hpp"

#include "codec/csv_cells.hpp"

namespace estante::imports {

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
            for (const auto& text : {row.subject, row.reason.es, row.reason.en})
                add_csv_cell(csv.text += ',', text);
            csv.text += "\r\n";
        }
        page.cursor = rows->next_cursor.value;
    } while (page.cursor);
    co_return csv;
}

} // namespace estante::imports
