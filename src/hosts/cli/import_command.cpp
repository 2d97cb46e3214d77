#include "hosts/cli/import_command.hpp"

#include "hosts/cli/command_options.hpp"
#include "hosts/open_catalogue.hpp"
#include "operations/imports/run_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

namespace estante::commands {

namespace {

using catalogues::CatalogueReader;
using catalogues::RepairKind;

constexpr std::size_t max_shown_rows = 20;

std::string_view name_of(RepairKind kind)
{
    switch (kind) {
    case RepairKind::isbn_restored:
        return "ISBN restored";
    case RepairKind::isbn_conflict:
        return "ISBN-10 and ISBN-13 differed, one was used";
    case RepairKind::isbn_left_out:
        return "damaged ISBN dropped";
    case RepairKind::language_left_out:
        return "unknown language dropped";
    case RepairKind::subjects_cut:
        return "subjects cut to 50";
    case RepairKind::title_shortened:
        return "title shortened, full title moved to the description";
    }
    return "repaired";
}

// Passes the rows of a catalogue on, prints refused rows and counts repairs.
class ReportingRows final : public CatalogueRows {
public:
    ReportingRows(CatalogueReader& reader, Output& output, bool shows_all)
        : reader_(reader), output_(output), shows_all_(shows_all)
    {
    }

    CatalogueRecord next() override
    {
        auto row = reader_.read();
        if (!row)
            return EndOfRows{};
        if (!*row) {
            print_refused(row->error().line, row->error().reason.en, row->error().excerpt);
            return static_cast<RowRefusal&&>(std::move(row->error()));
        }
        for (const auto& repair : (*row)->repairs)
            ++repairs_[repair.kind];
        return static_cast<CatalogueRow&&>(std::move(**row));
    }

    void print_refused(std::size_t line, std::string_view reason, std::string_view excerpt)
    {
        if (++refused_count_ <= max_shown_rows || shows_all_)
            output_.error(fmt::format("line {}: refused: {}: {}", line, reason, excerpt));
    }

    void print_summary()
    {
        for (const auto& [kind, count] : repairs_)
            output_.line(fmt::format("repaired: {} {}", count, name_of(kind)));
        if (refused_count_ > max_shown_rows && !shows_all_)
            output_.line(fmt::format("{} refused lines are not shown; --all-refused shows them",
                                     refused_count_ - max_shown_rows));
    }

private:
    CatalogueReader& reader_;
    Output& output_;
    bool shows_all_;
    std::size_t refused_count_ = 0;
    std::map<RepairKind, std::size_t> repairs_;
};

std::string progress_bar(const CatalogueReader& reader, const ImportCounts& counts)
{
    constexpr std::size_t width = 30;
    const auto total = reader.total_bytes().value_or(0);
    if (total == 0)
        return fmt::format("{} rows", counts.rows);
    const auto filled = std::min<std::size_t>(width, reader.consumed_bytes() * width / total);
    return fmt::format("[{:#<{}}{:.<{}}] {:3} %  {} rows", "", filled, "", width - filled,
                       reader.consumed_bytes() * 100 / total, counts.rows);
}

} // namespace

int import_rows(Bookstore& store, const TenantId& tenant, CatalogueReader& reader, const ImportDefaults& defaults,
                bool all_refused, Output& output)
{
    const Ports& ports = store.ports();
    TenantItems items(tenant, ports.get<ItemStore>());
    const auto now = ports.get<Clock>().now_ms();
    ImportJob job{.id = ports.get<IdGenerator>().make<ImportId>(),
                  .media_type = "text/csv",
                  .defaults = defaults,
                  .created_ms = now,
                  .updated_ms = now};
    ReportingRows rows(reader, output, all_refused);
    const auto begin = std::chrono::steady_clock::now();
    auto last_shown = begin;
    const auto result = store.run(imports::run_import(
        items, job, rows, ports.get<Clock>(), ports.get<IdGenerator>(), [&](const ImportCounts& counts) {
            if (const auto at = std::chrono::steady_clock::now(); at - last_shown > std::chrono::milliseconds(100)) {
                last_shown = at;
                output.progress(progress_bar(reader, counts));
            }
        }));
    output.progress("");
    rows.print_summary();
    if (!result) {
        print_error(result.error(), output);
        output.error("estante: the rows imported so far are kept; repeat the command to continue");
        return 1;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    const ImportCounts& counts = result->counts;
    output.line(fmt::format("{} rows in {:.1f} s: {} new, {} changed, {} unchanged, {} refused", counts.rows,
                            elapsed.count(), counts.created, counts.updated, counts.unchanged, counts.refused));
    return 0;
}

int import_catalogue(Bookstore& store, const Options& options, Output& output)
{
    const auto tenant = tenant_from(store, options, output);
    const auto request = tenant ? request_from<imports::ImportOptions>(options, output) : std::nullopt;
    if (!request)
        return 1;
    const ImportDefaults row_defaults{request->source, request->category, request->price, request->on_hand.value.value};
    TenantItems items(*tenant, store.ports().get<ItemStore>());
    const auto path = std::filesystem::path(option(options, working_folder)) / option(options, "file");
    auto reader = store.run(open_catalogue(items, row_defaults, path.native()));
    if (!reader) {
        print_error(reader.error(), output);
        return 1;
    }
    return import_rows(store, *tenant, **reader, row_defaults, options.contains("all-refused"), output);
}

} // namespace estante::commands
