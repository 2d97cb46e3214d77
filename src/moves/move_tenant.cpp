#include "moves/move_tenant.hpp"

#include "records/import_records.hpp"
#include "records/item_attributes.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <vector>

namespace estante::moves {

namespace {

// A request in flight when the shop becomes read-only commits within seconds; a comparison takes about as long.
constexpr std::size_t max_comparisons = 5;

// Sets the status of the shop if it has one of the `allowed` ones; the error names its status.
Task<Result<void, std::string>> switch_status(Store& store, TenantId id, std::vector<TenantStatus> allowed,
                                              TenantStatus status, std::int64_t now_ms)
{
    TenantItems items(id, store.items());
    const auto tenant = co_await find_tenant(items);
    if (!tenant)
        co_return std::unexpected(fmt::format("the store is unavailable: {}", tenant.error().detail));
    if (!*tenant)
        co_return std::unexpected(fmt::format("there is no shop '{}'", id.value));
    const auto current = (*tenant)->status;
    if (current == status)
        co_return Result<void, std::string>();
    if (std::ranges::find(allowed, current) == allowed.end())
        co_return std::unexpected(fmt::format("{} is {}", id.value, enum_text(current)));
    Update update = tenant_status_update(status, now_ms);
    update.conditions = {Equals{"status", enum_text(current)}};
    if (const auto done = co_await items.update(std::move(update)); !done)
        co_return std::unexpected(fmt::format("the status of {} was not changed: {}", id.value, done.error().detail));
    co_return Result<void, std::string>();
}

// A move may fail at each step.
class TenantMove {
public:
    TenantMove(ItemCopier& copier, CopyProgress& progress)
        : copier_(copier), progress_(progress), tenant_(*copier.options().scope.tenant)
    {
    }

    Task<Result<MoveReport, std::string>> run()
    {
        const auto target_status = co_await find_status(copier_.to());
        if (!target_status)
            co_return std::unexpected(target_status.error());
        if (*target_status == TenantStatus::active && progress_.phase == CopyPhase::switching)
            co_return MoveReport{.switched = true};
        if (*target_status == TenantStatus::active)
            co_return std::unexpected(fmt::format("{} is open in the target", tenant_.value));
        if (progress_.phase != CopyPhase::switching) {
            const auto source_status = co_await find_status(copier_.from());
            if (!source_status)
                co_return std::unexpected(source_status.error());
            if (*source_status == TenantStatus::suspended)
                co_return std::unexpected(fmt::format("{} is suspended: resume it first", tenant_.value));
            if (auto copied = co_await copier_.copy(progress_); !copied)
                co_return std::unexpected(std::move(copied.error()));
            if (auto closed = co_await set_status(copier_.from(), {TenantStatus::active}, TenantStatus::moving);
                !closed)
                co_return std::unexpected(std::move(closed.error()));
        }
        std::exception_ptr thrown;
        Result<MoveReport, std::string> report;
        try {
            report = co_await switch_stores();
        } catch (...) {
            thrown = std::current_exception();
        }
        if (!is_open_in_target_ && (thrown || !report || !report->switched))
            co_await reopen_source(report);
        if (thrown)
            std::rethrow_exception(thrown);
        co_return report;
    }

private:
    ItemCopier& copier_;
    CopyProgress& progress_;
    TenantId tenant_;
    bool is_open_in_target_ = false;

    Task<Result<void, std::string>> set_status(Store& store, std::vector<TenantStatus> allowed, TenantStatus status)
    {
        return switch_status(store, tenant_, std::move(allowed), status, copier_.clock().now_ms());
    }

    Task<Result<std::optional<TenantStatus>, std::string>> find_status(Store& store)
    {
        TenantItems items(tenant_, store.items());
        const auto tenant = co_await find_tenant(items);
        if (!tenant)
            co_return std::unexpected(fmt::format("the store is unavailable: {}", tenant.error().detail));
        co_return *tenant ? std::optional((*tenant)->status) : std::nullopt;
    }

    // The steps from read-only on.
    Task<Result<MoveReport, std::string>> switch_stores()
    {
        MoveReport report;
        std::size_t imports = 0;
        auto compared = co_await copier_.compare(progress_, max_comparisons, [&](Table table, const Item& item) {
            if (table == Table::books && is_unfinished_import(item))
                ++imports;
        });
        if (!compared)
            co_return std::unexpected(std::move(compared.error()));
        report.comparison = std::move(*compared);
        if (!report.comparison.differ.empty())
            report.reason = "the two stores differ";
        else if (imports > 0)
            report.reason = "an import of the shop is not finished";
        if (!report.reason.empty())
            co_return report;

        progress_.phase = CopyPhase::switching;
        copier_.options().save(progress_);
        if (auto closed = co_await set_status(copier_.from(), {TenantStatus::moving}, TenantStatus::suspended); !closed)
            co_return std::unexpected(closed.error() + " in the source, but must be read-only");
        // All late commits are in the stream by now, together with the shop's own item. Only if there were any is all
        // compared again.
        const auto late = co_await copier_.copy_changes(progress_);
        if (!late)
            co_return std::unexpected(late.error());
        if (*late > 1) {
            compared = co_await copier_.compare(progress_, max_comparisons);
            if (!compared)
                co_return std::unexpected(std::move(compared.error()));
            report.comparison = std::move(*compared);
        }
        if (!report.comparison.differ.empty()) {
            report.reason = "the two stores differ";
            co_return report;
        }
        if (auto open = co_await set_status(copier_.to(), {TenantStatus::moving}, TenantStatus::active); !open)
            co_return std::unexpected(open.error() + " in the target, but must be read-only");
        is_open_in_target_ = report.switched = true;
        const auto late_keys = co_await copier_.uncopied_changes();
        if (!late_keys)
            report.reason = late_keys.error();
        else if (!late_keys->empty())
            report.reason = fmt::format("{} items changed in the source after the switch, the first is {} {}",
                                        late_keys->size(), late_keys->front().pk, late_keys->front().sk);
        co_return report;
    }

    // Not when the target may be open: two open shops would diverge.
    Task<void> reopen_source(Result<MoveReport, std::string>& report)
    {
        const auto target_status = co_await find_status(copier_.to());
        if (!target_status || *target_status == TenantStatus::active) {
            report = std::unexpected((report ? report->reason : report.error()) +
                                     "; the shop stays closed in the source: repeat the move");
            co_return;
        }
        const auto open =
            co_await set_status(copier_.from(), {TenantStatus::moving, TenantStatus::suspended}, TenantStatus::active);
        if (open && progress_.phase == CopyPhase::switching) {
            progress_.phase = CopyPhase::changes;
            copier_.options().save(progress_);
        } else if (!open && report && !report->switched) {
            report = std::unexpected(report->reason + "; and the shop is not open in the source: " + open.error());
        } else if (!open) {
            report = std::unexpected(report.error() + "; the shop is not open in the source: " + open.error());
        }
    }

    static bool is_unfinished_import(const Item& item)
    {
        if (!find(item, "import_id") || text_of(item, "sk") != "IMPORT")
            return false;
        const auto status = import_from(item).status;
        return status == ImportStatus::waiting || status == ImportStatus::running;
    }
};

} // namespace

Task<Result<MoveReport, std::string>> move_tenant(ItemCopier& copier, CopyProgress& progress)
{
    TenantMove move(copier, progress);
    co_return co_await move.run();
}

} // namespace estante::moves
