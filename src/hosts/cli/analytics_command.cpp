#include "codec/csv_cells.hpp"
#include "hosts/cli/atomic_file.hpp"
#include "hosts/cli/command_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace estante::commands {

namespace {

constexpr std::size_t max_table_rows = 1'000;
constexpr std::size_t max_csv_rows = 1'000'000;

void print_csv(const SqlResult& result, Output& output)
{
    const auto print = [&output](const auto& cells, const auto& text_of) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0)
                line += ',';
            add_csv_cell(line, text_of(cells[i]));
        }
        output.line(line);
    };
    print(result.columns, [](const std::string& name) { return name; });
    for (const auto& row : result.rows)
        print(row, [](const auto& cell) { return cell.value_or(""); });
}

void print_table(const SqlResult& result, Output& output)
{
    std::vector<std::size_t> widths;
    widths.reserve(result.columns.size());
    for (const auto& name : result.columns)
        widths.push_back(name.size());
    for (const auto& row : result.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].value_or("NULL").size());
    }
    std::string line;
    for (std::size_t i = 0; i < result.columns.size(); ++i)
        line += fmt::format("{:<{}}  ", result.columns[i], widths[i]);
    output.line(line);
    for (const auto& row : result.rows) {
        line.clear();
        for (std::size_t i = 0; i < row.size(); ++i)
            line += fmt::format("{:<{}}  ", row[i].value_or("NULL"), widths[i]);
        output.line(line);
    }
}

int write_parquet(LakeSql& lake, const TenantId& tenant, const Options& options, Output& output)
{
    const std::filesystem::path folder = option(options, working_folder);
    AtomicFile file((folder / option(options, "parquet")).lexically_normal(), options.contains("overwrite"));
    const auto rows = lake.select_into(tenant, option(options, "sql"), file.temporary_path());
    if (!rows) {
        print_error(rows.error(), output);
        return 1;
    }
    file.commit();
    output.line(fmt::format("{} {} in {}", *rows, *rows == 1 ? "row" : "rows", option(options, "parquet")));
    return 0;
}

} // namespace

int analytics_sql(Bookstore& store, const Options& options, Output& output)
{
    const auto tenant = tenant_from(store, options, output);
    if (!tenant)
        return 1;
    if (options.contains("parquet"))
        return write_parquet(store.lake_sql(), *tenant, options, output);
    const bool csv = options.contains("csv");
    const auto result = store.lake_sql().select(*tenant, option(options, "sql"), csv ? max_csv_rows : max_table_rows);
    if (!result) {
        print_error(result.error(), output);
        return 1;
    }
    csv ? print_csv(*result, output) : print_table(*result, output);
    if (result->more)
        output.error(fmt::format("estante: only the first {} rows are shown", result->rows.size()));
    return 0;
}

} // namespace estante::commands
