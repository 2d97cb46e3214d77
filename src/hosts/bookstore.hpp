// The composition root: a bookstore in one process, on its data folder alone or with its items, searches, lake and
// reports in other systems.
#pragma once

#include "background/counter_flush.hpp"
#include "background/import_runner.hpp"
#include "background/lake_maintenance.hpp"
#include "background/live_sales_driver.hpp"
#include "background/scheduler.hpp"
#include "background/search_maintenance.hpp"
#include "background/stream_driver.hpp"
#include "gateway/gateway.hpp"
#include "gateway/keys.hpp"
#include "hosts/data_folder.hpp"
#include "hosts/intervals.hpp"
#include "hosts/open_search_index.hpp"
#include "hosts/open_store.hpp"
#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/lake_sql.hpp"
#include "ports/lake_tables.hpp"
#include "ports/object_store.hpp"
#include "ports/store.hpp"
#include "runtime/run_task.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace estante {

class Bookstore {
public:
    // Opens the data folder, or creates it. Throws FolderInUse, or std::runtime_error with one line.
    explicit Bookstore(const Settings& settings);
    ~Bookstore(); // stops the background work and saves the search index

    // Fills what is missing in the search index and starts the background work. When it returns, searches are right.
    void start_processors();

    // Blocks until the search index has what was committed before the call; false on timeout. After start_processors,
    // from any thread but the workers'.
    bool wait_for_search(std::chrono::milliseconds within);
    std::vector<StreamDriver*> processors(); // after start_processors
    // Throws std::runtime_error when the store does not respond.
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
    // Each member uses only members before it.
    const Intervals intervals_;
    const StoreAddress store_address_;
    const std::string lake_address_;
    DataFolder folder_;
    SigningKeys keys_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<IdGenerator> ids_;
    std::unique_ptr<PasswordHasher> hasher_;
    std::unique_ptr<TokenSigner> signer_;
    SharedAws aws_;
    PartitionVersions partition_versions_;
    Scheduler scheduler_{};
    std::unique_ptr<Store> store_;
    OpenedSearchIndex search_;
    std::unique_ptr<ObjectStore> lake_;
    std::unique_ptr<Analytics> analytics_;
    std::unique_ptr<LakeTables> lake_tables_;
    std::unique_ptr<LakeSql> lake_sql_;
    std::unique_ptr<TableExport> exports_;
    books::BookCache book_cache_;
    purchases::PurchaseNumbers numbers_;
    ImportRunner imports_;
    std::unique_ptr<CounterFlush> counters_;
    Worker& live_worker_;
    std::unique_ptr<LiveSalesHub> live_;
    Ports ports_;

    // Since start_processors.
    std::unique_ptr<LakeMaintenance> lake_maintenance_;
    std::unique_ptr<SearchMaintenance> search_maintenance_; // of a durable index
    std::unique_ptr<StreamDriver> books_stream_;
    std::unique_ptr<StreamDriver> purchases_stream_;
    std::unique_ptr<LiveSalesDriver> live_driver_;
    std::atomic<bool> ready_ = false;

    Ports wire();
    void start_lake_maintenance();
    void start_books_stream();
    void start_purchases_stream();
};

} // namespace estante
