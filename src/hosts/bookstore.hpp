// The bookstore in one process, put together in one place: on its data folder alone, or with its items in DynamoDB.
#pragma once

#include "background/import_jobs.hpp"
#include "background/periodic_task.hpp"
#include "gateway/gateway.hpp"
#include "gateway/keys.hpp"
#include "hosts/data_folder.hpp"
#include "hosts/intervals.hpp"
#include "hosts/search_indexes.hpp"
#include "hosts/settings.hpp"
#include "ports/lake_sql.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/search_index.hpp"
#include "ports/store.hpp"
#include "runtime/run_task.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace estante {

class CounterFlush;
class LakeMaintenance;
class LiveDriver;
class SearchMaintenance;
class StreamDriver;

class Bookstore {
public:
    // Opens the folder of the settings, or makes it. Throws FolderInUse, or std::runtime_error with one clear line.
    explicit Bookstore(const Settings& settings);
    ~Bookstore(); // what the search index took in is durable then

    // Opens the search index, fills what of it is missing from the store, and lets the processors run; searches are
    // right once it answers.
    void start_processors();

    // Blocks until the search index has taken in what was committed before the call; false when it takes longer. After
    // start_processors, from any thread but the processors' own.
    bool wait_for_search(std::chrono::milliseconds within);
    // The processors that run; after start_processors.
    std::vector<StreamDriver*> processors();
    // All shops. Throws std::runtime_error when the store does not answer.
    Task<std::vector<TenantId>> tenants();

    std::unique_ptr<Gateway> make_gateway(const std::string& domain);
    const Ports& ports() const { return ports_; }
    const DataFolder& folder() const { return folder_; }
    Store& store() { return *store_; }
    ObjectStore& lake() { return *lake_; }
    LakeTables& lake_tables() { return *lake_tables_; }
    LakeSql& lake_sql() { return *lake_sql_; }
    // Runs a coroutine to its end on the calling thread.
    template <class T> T run(Task<T> task) { return run_task(std::move(task)); }

private:
    const Intervals intervals_;
    DataFolder folder_;
    SigningKeys keys_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<IdGenerator> ids_;
    std::unique_ptr<PasswordHasher> hasher_;
    std::unique_ptr<TokenSigner> signer_;
    PartitionVersions partition_versions_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<PeriodicTask> forgetting_; // with a shared store
    const bool shared_store_;                  // others write to it too
    SearchHome search_;
    std::shared_ptr<ObjectStore> lake_;
    const std::string lake_address_;
    books::BookCache book_cache_;
    purchases::PurchaseNumbers numbers_;
    std::unique_ptr<EmbeddedImportJobs> imports_;
    std::shared_ptr<Analytics> analytics_;
    std::unique_ptr<LakeTables> lake_tables_;
    std::unique_ptr<LakeSql> lake_sql_;
    std::unique_ptr<TableExport> exports_;
    std::unique_ptr<CounterFlush> counters_;
    std::unique_ptr<LiveSales> live_;
    std::unique_ptr<LiveDriver> live_driver_;
    Ports ports_;
    std::unique_ptr<PeriodicTask> filling_; // while an index that outlives the process could not be filled
    std::unique_ptr<LakeMaintenance> lake_maintenance_;
    std::unique_ptr<SearchMaintenance> search_maintenance_; // of the embedded index
    std::unique_ptr<StreamDriver> books_stream_;
    std::unique_ptr<StreamDriver> purchases_stream_;
    std::atomic<bool> ready_ = false;

    void follow_with_embedded_index();
    Task<void> fill_missing_indexes();
    void fill_missing_indexes_soon();
    void fill_lake_soon();
    Task<std::uint64_t> rebuild(TenantId tenant);
    Task<void> finish_deletions();
};

} // namespace estante
