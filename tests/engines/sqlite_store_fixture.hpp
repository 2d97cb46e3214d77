// Fixture of the SQLite store's tests: a file, a store on it, and a second connection to that file.
#pragma once

#include "adapters/sqlite/sqlite_connection.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "contract/item_store_contract.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"
#include "support/sqlite_syncs.hpp"
#include "support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace estante {

class SqliteStoreTest : public testing::Test {
protected:
    const SyncCountingVfs& vfs = SyncCountingVfs::installed(); // before the store opens its file
    TemporaryFolder folder;
    const std::filesystem::path path = folder / "estante.db";
    ManualClock clock;
    PartitionVersions partition_versions;
    std::unique_ptr<SqliteStore> store = open();

    std::unique_ptr<SqliteStore> open(const SqliteOptions& options = {})
    {
        return create_sqlite_store(path, clock, partition_versions, options);
    }
    void reopen(const SqliteOptions& options = {})
    {
        store.reset();
        store = open(options);
    }

    static Put put_of(const std::string& sk, const Item& attributes = {})
    {
        Item item{{"pk", "acme#one"}, {"sk", sk}};
        for (const auto& [name, value] : attributes)
            item.insert_or_assign(name, value);
        return {.table = Table::books, .item = std::move(item)};
    }
    static Key key_of(const std::string& sk) { return {"acme#one", sk}; }

    std::string put(const std::string& sk, const Item& attributes = {})
    {
        return outcome(run(store->items().put(put_of(sk, attributes))));
    }
    std::optional<Item> get(const std::string& sk) { return run(store->items().get(Table::books, key_of(sk))).value(); }
};

// Holds the write lock of the file, as another process would.
class ForeignLock {
public:
    explicit ForeignLock(const std::filesystem::path& path)
        : connection_(path.string(), sqlite::Connection::Access::write, 5'000)
    {
        connection_.run("BEGIN IMMEDIATE");
    }

private:
    sqlite::Connection connection_;
};

// Calls that are in flight together on one event loop, and their outcomes in the order of the calls.
class Calls {
public:
    template <class T> void begin(Task<StoreResult<T>> call)
    {
        const auto index = outcomes_.size();
        outcomes_.emplace_back("waiting");
        boost::asio::co_spawn(loop_, std::move(call),
                              [this, index](const std::exception_ptr& thrown, StoreResult<T> result) {
                                  outcomes_[index] = thrown ? "thrown" : outcome(result);
                              });
        loop_.poll();
        loop_.restart();
    }
    const std::vector<std::string>& finish()
    {
        loop_.run();
        return outcomes_;
    }

private:
    boost::asio::io_context loop_{1};
    std::vector<std::string> outcomes_;
};

} // namespace estante
