// The purchases of one shop as DuckDB reads them: the Parquet files of closed days, and a table with those of open
// days.
#pragma once

#include "adapters/duckdb/database.hpp"
#include "adapters/duckdb/duckdb_analytics.hpp"
#include "codec/lake_layout.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace estante::duck {

// Creates the table open_purchases(shop, day, purchase_id, user_id, status, total_amount, created_at, items).
void create_open_purchases_table(Connection& connection);

enum class Reading { purchases, by_book };

struct LakeFiles {
    std::vector<std::string> parquet{}; // purchases of closed days of the period
    // Reading::by_book: sales by book of the other closed days, by day or month.
    std::vector<std::string> by_book{};
    std::string books{}; // the catalogue; empty: the shop has not exported it
};

// Used by one thread at a time: a report locks `in_use`.
class ShopLake {
public:
    ShopLake(ObjectStore& lake, TenantId tenant, const DuckDBOptions& options)
        : lake_(lake), tenant_(std::move(tenant)), options_(options)
    {
    }

    std::timed_mutex in_use;
    std::atomic<std::size_t> objects = 0; // cached in the table; readable from any thread

    // Reads new objects. Afterwards the files and the shop's rows in the table together hold each purchase of the
    // period once; for Reading::by_book a day may be represented by its sales by book. Throws DuckDBError when the lake
    // cannot be read and DuckDBTimeout at the deadline.
    LakeFiles refresh(Connection& connection, Period period, Reading reading, TimePoint deadline);
    // After a failed report: finds the Parquet files of the last refresh that cannot be read, logs them, and excludes
    // them until they are rewritten; their days are read from the JSON. Returns false when all files can be read.
    bool exclude_damaged(Connection& connection, TimePoint deadline);
    // Ends the use of the files of the last refresh. Until then their content does not change, whatever is put into the
    // lake.
    void release_files();
    // Removes the shop's rows from the table.
    void evict(Connection& connection);

    enum class Contents { purchases, sales_of_day, sales_of_month };

private:
    using DaysByKey = std::map<std::string, std::set<Day>>; // the days that the file with this key contains
    struct Parquet {
        std::set<Day> days{};
        std::string key{};
        std::string etag{};
        std::string path{};
        Contents contents{};
    };

    ObjectStore& lake_;
    const TenantId tenant_;
    const DuckDBOptions& options_;
    std::map<Day, std::map<std::string, std::string>> cached_objects_; // ETag by key
    std::map<std::string, std::string> damaged_;                       // ETag by key of a Parquet file
    std::vector<Parquet> parquet_files_;
    bool is_consistent_ = true; // the table holds exactly the objects in known_; false after a failed update

    lake_layout::ClosedDays read_closed_days();
    std::vector<Parquet> closed_files(const lake_layout::ClosedDays& closed, const Period& period, Reading reading,
                                      TimePoint deadline);
    DaysByKey complete_months(const lake_layout::ClosedDays& closed, const Period& period) const;
    std::vector<Parquet> find_files(DaysByKey wanted, Contents contents, TimePoint deadline);
    std::optional<std::string> pin(const ObjectInfo& object) const;
    std::optional<std::string> hard_link(const std::string& key) const;
    std::string download(const ObjectInfo& object) const;
    std::filesystem::path links() const { return options_.scratch / "reading" / tenant_.value; }
    void read_open(Connection& connection, const Period& range, TimePoint deadline);
    void cache_objects(Connection& connection, const std::vector<ObjectInfo>& objects, TimePoint deadline);
    void evict_objects(Connection& connection, const std::vector<std::string>& keys);
};

} // namespace estante::duck
