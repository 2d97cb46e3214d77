// One shop's purchases as DuckDB reads them now: the Parquet of closed days, and a table of all other days'.
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

// Makes the table open_purchases(shop, day, purchase_id, user_id, status, total_amount, created_at, items).
void make_open_purchases(Connection& connection);

enum class Reading { purchases, by_book };

struct LakeFiles {
    std::vector<std::string> parquet{}; // purchases of closed days of the period
    std::vector<std::string>
        by_book{};       // of other closed days, what was sold of each book, by day or month; only if so asked
    std::string books{}; // empty: the shop has exported none
};

// Used by one thread at a time: its questions hold `in_use`.
class ShopLake {
public:
    ShopLake(ObjectStore& lake, TenantId tenant, const DuckDBOptions& options)
        : lake_(lake), tenant_(std::move(tenant)), options_(options)
    {
    }

    std::timed_mutex in_use;
    std::atomic<std::size_t> objects = 0; // that the table knows of; any thread

    // Reads what is new. Afterwards the files and the table's rows of this shop in the period hold each of its
    // purchases once; asked by book, a day's sums stand for its purchases. Throws DuckDBError when the lake cannot be
    // read and DuckDBTimeout when it takes too long.
    LakeFiles refresh(Connection& connection, Period period, Reading reading, TimePoint deadline);
    // After a question failed: which Parquet of the last refresh cannot be read. They are reported, and their days are
    // read from the JSON from then on, until they are written anew. False: all can be read.
    bool set_damaged_aside(Connection& connection, TimePoint deadline);
    // Ends the use of the files of the last refresh. Until then they stay as they were, whatever is put into the lake.
    void release_files();
    // Forgets what the table holds of the shop.
    void start_anew(Connection& connection);

    enum class Holds { purchases, sums_of_day, sums_of_month };

private:
    using Wanted = std::map<std::string, std::set<Day>>; // days by the key of the file that holds them
    struct Parquet {
        std::set<Day> days{};
        std::string key{};
        std::string etag{};
        std::string path{};
        Holds holds{};
    };

    ObjectStore& lake_;
    const TenantId tenant_;
    const DuckDBOptions& options_;
    std::map<Day, std::map<std::string, std::string>> known_; // ETag by key
    std::map<std::string, std::string> damaged_;              // ETag by key of Parquet
    std::vector<Parquet> last_;
    bool in_step_ = true; // the table holds exactly what is known; false when a change of both failed half-way

    lake_layout::ClosedDays read_closed_days();
    std::vector<Parquet> closed_files(const lake_layout::ClosedDays& closed, const Period& period, Reading reading,
                                      TimePoint deadline);
    Wanted whole_months(const lake_layout::ClosedDays& closed, const Period& period) const;
    std::vector<Parquet> find_files(Wanted wanted, Holds holds, TimePoint deadline);
    std::optional<std::string> pinned(const ObjectInfo& object) const;
    std::optional<std::string> linked(const std::string& key) const;
    std::string fetched(const ObjectInfo& object) const;
    std::filesystem::path links() const { return options_.scratch / "reading" / tenant_.value; }
    void read_open(Connection& connection, const Period& range, TimePoint deadline);
    void take_in(Connection& connection, const std::vector<ObjectInfo>& objects, TimePoint deadline);
    void forget(Connection& connection, const std::vector<std::string>& keys);
};

} // namespace estante::duck
