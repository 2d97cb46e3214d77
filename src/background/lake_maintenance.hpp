// Maintains the Parquet files of the lake: closes days, rolls up months, and exports catalogues that have changed.
#pragma once

#include "background/worker.hpp"
#include "domain/calendar.hpp"
#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace estante {

class LakeMaintenance {
public:
    struct Needs {
        ItemStore& items;
        ObjectStore& lake;
        LakeTables& tables;
        Clock& clock;
        IdGenerator& ids;
        std::filesystem::path scratch{}; // folder of temporary files
    };
    // Of one tenant in a round, so that no tenant waits for another one's long backlog.
    static constexpr std::size_t max_days_per_round = 10;

    // Exports every catalogue once, then those in which record_changes finds a change. What it needs outlives it.
    explicit LakeMaintenance(Needs needs);

    // Any thread.
    void record_changes(const std::vector<Change>& changes);
    // Does what is due now, one call at a time. Failures are logged; the next round tries again.
    Task<void> run_round();

private:
    Needs needs_;
    std::mutex mutex_;
    std::set<TenantId> changed_;  // since their last export
    std::set<TenantId> exported_; // at least once
    // The last day that was tried, of tenants with more open days than a round closes. The next round continues after
    // it, so days that cannot be closed do not block later ones.
    std::map<TenantId, Day> last_tried_;

    Task<void> maintain(TenantId tenant);
    Task<std::set<Month>> close_days(TenantId tenant); // the months of the days that it closed
    Task<void> roll_up_months(TenantId tenant, std::set<Month> changing);
    Task<void> export_if_changed(TenantId tenant);
};

} // namespace estante
