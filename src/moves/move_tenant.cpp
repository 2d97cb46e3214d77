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

// A request that was under way when the shop became read-only commits within seconds, and a round takes about as long.
constexpr std::size_t rounds = 5;

// Gives the shop a status if it has one of `before`; the failure says which it has.
Task<Moved<void>> switch_status(Store& store, TenantId id, std::vector<TenantStatus> before, TenantStatus status,
                                std::int64_t now_ms)
{
    TenantItems items(id, store.items());
    const auto tenant = co_await find_tenant(items);
    if (!tenant)
        co_return std::unexpected(fmt::format("the store is unavailable: {}", tenant.error().detail));
    if (!*tenant)
        co_return std::unexpected(fmt::format("there is no shop '{}'", id.value));
    const auto current = (*tenant)->status;
    if (current == status)
        co_return Moved<void>();
    if (std::ranges::find(before, current) == before.end())
        co_return std::unexpected(fmt::format("{} is {}", id.value, enum_text(current)));
    Update update = tenant_status_update(status, now_ms);
    update.conditions = {Equals{"status", enum_text(current)}};
    if (const auto done = co_await items.update(std::move(update)); !done)
        co_return std::unexpected(fmt::format("the status of {} was not changed: {}", id.value, done.error().detail));
    co_return Moved<void>();
}

// The steps of a move, each of which may be the last.
class Move {
public:
    Move(ItemCopier& copier, CopyProgress& progress)
        : copier_(copier), progress_(progress), tenant_(*copier.options().scope.tenant)
    {
    }

    Task<Moved<MoveReport>> run()
    {
        const auto there = co_await status_in(copier_.to());
        if (!there)
            co_return std::unexpected(there.error());
        if (*there == TenantStatus::active && progress_.phase == CopyPhase::switching)
            co_return MoveReport{.switched = true};
        if (*there == TenantStatus::active)
            co_return std::unexpected(fmt::format("{} is open in the target", tenant_.value));
        if (progress_.phase != CopyPhase::switching) {
            const auto here = co_await status_in(copier_.from());
            if (!here)
                co_return std::unexpected(here.error());
            if (*here == TenantStatus::suspended)
                co_return std::unexpected(fmt::format("{} is suspended: resume it first", tenant_.value));
            if (auto copied = co_await copier_.copy(progress_); !copied)
                co_return std::unexpected(std::move(copied.error()));
            if (auto closed = co_await set(copier_.from(), {TenantStatus::active}, TenantStatus::moving); !closed)
                co_return std::unexpected(std::move(closed.error()));
        }
        std::exception_ptr thrown;
        Moved<MoveReport> report;
        try {
            report = co_await change_places();
        } catch (...) {
            thrown = std::current_exception();
        }
        if (!opened_ && (thrown || !report || !report->switched))
            co_await reopen(report);
        if (thrown)
            std::rethrow_exception(thrown);
        co_return report;
    }

private:
    ItemCopier& copier_;
    CopyProgress& progress_;
    TenantId tenant_;
    bool opened_ = false; // in the target

    Task<Moved<void>> set(Store& store, std::vector<TenantStatus> before, TenantStatus status)
    {
        return switch_status(store, tenant_, std::move(before), status, copier_.clock().now_ms());
    }

    Task<Moved<std::optional<TenantStatus>>> status_in(Store& store)
    {
        TenantItems items(tenant_, store.items());
        const auto tenant = co_await find_tenant(items);
        if (!tenant)
            co_return std::unexpected(fmt::format("the store is unavailable: {}", tenant.error().detail));
        co_return *tenant ? std::optional((*tenant)->status) : std::nullopt;
    }

    // From read-only on.
    Task<Moved<MoveReport>> change_places()
    {
        MoveReport report;
        std::size_t imports = 0;
        auto compared = co_await copier_.compare(progress_, rounds, [&](Table table, const Item& item) {
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
        if (auto closed = co_await set(copier_.from(), {TenantStatus::moving}, TenantStatus::suspended); !closed)
            co_return std::unexpected(closed.error() + " in the source, where it was to be read-only");
        // Whatever committed late is in the stream by now, beside the shop's own item. Only then is all compared again.
        const auto late = co_await copier_.follow(progress_);
        if (!late)
            co_return std::unexpected(late.error());
        if (*late > 1) {
            compared = co_await copier_.compare(progress_, rounds);
            if (!compared)
                co_return std::unexpected(std::move(compared.error()));
            report.comparison = std::move(*compared);
        }
        if (!report.comparison.differ.empty()) {
            report.reason = "the two stores differ";
            co_return report;
        }
        if (auto open = co_await set(copier_.to(), {TenantStatus::moving}, TenantStatus::active); !open)
            co_return std::unexpected(open.error() + " in the target, where it was to be read-only");
        opened_ = report.switched = true;
        const auto after = co_await copier_.unfollowed();
        if (!after)
            report.reason = after.error();
        else if (!after->empty())
            report.reason = fmt::format("{} items changed in the source after the switch, the first is {} {}",
                                        after->size(), after->front().pk, after->front().sk);
        co_return report;
    }

    // Unless the target may be open already: two open shops would grow apart.
    Task<void> reopen(Moved<MoveReport>& report)
    {
        const auto there = co_await status_in(copier_.to());
        if (!there || *there == TenantStatus::active) {
            report = std::unexpected((report ? report->reason : report.error()) +
                                     "; the shop stays closed in the source: repeat the move");
            co_return;
        }
        const auto open =
            co_await set(copier_.from(), {TenantStatus::moving, TenantStatus::suspended}, TenantStatus::active);
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

Task<Moved<MoveReport>> move_tenant(ItemCopier& copier, CopyProgress& progress)
{
    Move move(copier, progress);
    co_return co_await move.run();
}

} // namespace estante::moves
