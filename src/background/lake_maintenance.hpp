// Keeps the lake's Parquet as it should be while the server runs: closes days that are over, sums their months, and
// writes the export of a catalogue again when it has changed. Once an interval, on a thread of its own.
#pragma once

#include "background/periodic_task.hpp"
#include "domain/calendar.hpp"
#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/tenant_items.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
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
        std::function<std::vector<TenantId>()> shops;
        std::filesystem::path scratch{};
        std::chrono::milliseconds interval = std::chrono::minutes(1);
    };

    // What it needs outlives it. Every shop's catalogue is exported once, then as `saw` tells.
    explicit LakeMaintenance(Needs needs);

    // Any thread; at once.
    void saw(const std::vector<Change>& changes);
    // What is due now, on the calling thread. What fails is in the log and is tried again.
    void work();

private:
    Needs needs_;
    std::mutex mutex_;
    std::set<TenantId> changed_;  // since their last export
    std::set<TenantId> exported_; // at least once; of the working thread
    // Of shops with more open days than a round takes, the last that was tried: the next round goes on from there, so
    // days that cannot be closed hold up no others. Of the working thread.
    std::map<TenantId, Day> tried_last_;
    std::mutex working_;
    PeriodicTask every_; // the last member: it ends before what it uses

    std::set<Month> close_days(const TenantId& shop); // answers the months of days that it closed
    void sum_months(const TenantId& shop, const std::set<Month>& growing);
    void export_if_changed(const TenantId& shop);
};

} // namespace estante
