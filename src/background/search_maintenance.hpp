// Keeps the embedded search index on disk: opens it at a start, saves it while the processor of the stream goes on, and
// rebuilds shops whose files turn out to be damaged.
#pragma once

#include "adapters/search/embedded_search.hpp"
#include "background/periodic_task.hpp"
#include "domain/ids.hpp"
#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace estante {

class StreamDriver;

class SearchMaintenance {
public:
    // How the store's changes are followed. `shared`: other servers follow the same store with indexes of their own.
    struct Stream {
        ChangeStream& changes;
        bool shared = false;
        std::chrono::milliseconds save_interval = std::chrono::seconds(2); // what a killed process has to take in again
    };
    // Fills the index of a shop from the store; throws std::runtime_error with one line. Answers how many books it has.
    using Rebuild = std::function<Task<std::uint64_t>(TenantId)>;

    // All outlive it.
    SearchMaintenance(search::EmbeddedSearch& index, Stream stream, Clock& clock, Rebuild rebuild);
    ~SearchMaintenance();

    // What the folder has is kept if it belongs to the store as it is: the store knows this index, and acknowledged
    // where its checkpoint is; and the changes since are still kept. Else everything is begun anew. Then the shops that
    // are not in it are rebuilt. Throws std::runtime_error with one line. `new_id`: for an index that begins.
    Task<void> open(std::vector<TenantId> tenants, std::string new_id);
    // The processor that drives the index; after open.
    std::string processor() const;
    // From now on saves what the driver has taken in, and lets it acknowledge that.
    void follow(StreamDriver& driver);
    // One last save; the driver has stopped, or is stopped by this.
    void stop();

private:
    search::EmbeddedSearch& index_;
    const Stream stream_;
    Clock& clock_;
    const Rebuild rebuild_;
    std::string id_;
    std::string position_; // of the last save
    std::chrono::steady_clock::time_point saved_{};
    bool acknowledging_ = false; // the last save moved the position: the checkpoint has the one before too
    bool disk_fails_ = false;
    StreamDriver* driver_ = nullptr;
    std::unique_ptr<PeriodicTask> every_;

    Task<bool> fits(search::IndexCheckpoint checkpoint);
    Task<void> recreate(std::string id);
    std::string mark() const;
    void look();
    void mend();
    bool save();
};

} // namespace estante
