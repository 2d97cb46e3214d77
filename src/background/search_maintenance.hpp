// Keeps a durable search index in step with the store: opens it at the start, saves it while the processor indexes
// changes, and rebuilds tenants whose files are damaged.
#pragma once

#include "background/worker.hpp"
#include "domain/ids.hpp"
#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/durable_search_index.hpp"
#include "ports/tenant_items.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <string>

namespace estante {

class StreamDriver;

class SearchMaintenance {
public:
    struct Needs {
        DurableSearchIndex& index;
        ItemStore& items;
        ChangeStream& changes;
        Clock& clock;
        bool shared = false; // other servers follow the same store with indexes of their own
        std::chrono::milliseconds save_interval = std::chrono::seconds(2); // what a killed process has to index again
    };

    // What it needs outlives it.
    explicit SearchMaintenance(Needs needs);

    // Uses the folder's contents if they belong to the current state of the store: the store knows this index, it
    // acknowledged the index's position, and it still has the changes since. Otherwise recreates the index under
    // `new_id`. Then fills the tenants that have no index. Throws std::runtime_error with one line.
    Task<void> open(std::string new_id);
    // The name of the processor that writes to the index; after open.
    std::string processor() const;
    // From then on saves what the driver has processed, and acknowledges it. Driver and worker outlive this.
    void start(StreamDriver& driver, Worker& worker);
    // Stops the driver and saves for the last time. The worker was stopped before.
    void finish();

private:
    const Needs needs_;
    std::string id_;
    std::string position_; // of the last save
    std::chrono::steady_clock::time_point saved_at_{};
    bool is_acknowledging_ = false; // the last save changed the position, so the checkpoint also has the one before
    bool save_failed_ = false;
    StreamDriver* driver_ = nullptr; // since start

    Task<bool> matches_store(IndexCheckpoint checkpoint);
    Task<void> recreate(std::string id);
    std::string store_fingerprint() const;
    Task<StepResult> step();
    Task<void> rebuild_damaged();
    bool save();
};

} // namespace estante
