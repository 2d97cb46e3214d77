// Backups taken while the store is written to, and the verification of damaged files.
#include "engines/sqlite_store_fixture.hpp"

#include <fstream>
#include <sys/stat.h>
#include <thread>

namespace estante {
namespace {

class SqliteBackup : public SqliteStoreTest {
protected:
    const std::filesystem::path copy = folder / "copy.db";

    std::size_t items_in(const std::filesystem::path& file)
    {
        const auto opened = create_sqlite_store(file, clock, partition_versions);
        return run(opened->items().scan(Table::books, 1000, {})).value().items.size();
    }
};

TEST_F(SqliteBackup, HoldsEveryWriteThatReturnedBeforeIt)
{
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(put(std::to_string(i)), "ok");
    ASSERT_TRUE(run(store->backup(copy)));
    put("afterwards");
    EXPECT_EQ(items_in(copy), 50);
    EXPECT_NO_THROW(check_sqlite_file(copy));
    struct stat status{};
    ASSERT_EQ(::stat(copy.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(SqliteBackup, IsOneSnapshotWhileWritesContinue)
{
    // Each transaction writes two items, so a backup with an odd number of items would hold half a transaction.
    std::atomic<bool> stop = false;
    std::atomic<int> written = 0;
    std::thread writing([&] {
        while (!stop) {
            const auto n = std::to_string(written.load());
            run(store->items().transact({put_of(n + "a"), put_of(n + "b")}, {})).value();
            if (written.fetch_add(1) == 20)
                written.notify_all();
        }
    });
    written.wait(0);
    std::size_t least = 0;
    for (int round = 0; round < 3; ++round) {
        const int before = written;
        const auto file = folder / ("copy" + std::to_string(round));
        ASSERT_TRUE(run(store->backup(file)));
        const int after = written;
        const auto found = create_sqlite_store(file, clock, partition_versions);
        std::size_t items = 0;
        std::optional<Cursor> from;
        do {
            auto page = run(found->items().scan(Table::books, 1000, from)).value();
            items += page.items.size();
            from = page.next;
        } while (from);
        EXPECT_EQ(items % 2, 0U);
        EXPECT_GE(items, static_cast<std::size_t>(before) * 2);
        EXPECT_LE(items, static_cast<std::size_t>(after + 1) * 2);
        EXPECT_GE(items, std::exchange(least, items));
    }
    stop = true;
    writing.join();
}

TEST_F(SqliteBackup, DoesNotOverwriteAFile)
{
    std::ofstream(copy) << "mine";
    const auto refused = run(store->backup(copy));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, StoreError::Code::unavailable);
    EXPECT_TRUE(std::filesystem::exists(copy));
    EXPECT_FALSE(run(store->backup(folder / "none" / "copy.db")));
}

TEST_F(SqliteBackup, IsRefusedWhenItIsDamaged)
{
    for (int i = 0; i < 500; ++i)
        put(std::to_string(i), {{"text", std::string(200, 'x')}});
    ASSERT_TRUE(run(store->backup(copy)));
    {
        std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(8 * 4096);
        file << std::string(2 * 4096, '\xA5');
    }
    EXPECT_THROW(check_sqlite_file(copy), StoreOpenError);
    std::ofstream(folder / "text.db") << std::string(5000, 't');
    EXPECT_THROW(check_sqlite_file(folder / "text.db"), StoreOpenError);
    EXPECT_THROW(check_sqlite_file(folder / "none.db"), StoreOpenError);
    EXPECT_FALSE(std::filesystem::exists(folder / "none.db"));
}

// Changes that only a copy has not read are trimmed after 24 hours, because the copy may never read again.
TEST_F(SqliteBackup, ProcessorsOfCopiesDoNotDelayTrimming)
{
    EXPECT_EQ(put("one"), "ok");
    run(store->changes().acknowledge("copy-elsewhere", "0")).value();
    EXPECT_EQ(put("two"), "ok");
    EXPECT_EQ(put("three"), "ok");
    clock.advance(25LL * 3600 * 1000);
    EXPECT_GT(run(store->sweep()).value(), 0U);
    EXPECT_EQ(run(store->changes().next("copy-elsewhere", 10)).value().size(), 1U); // the newest change stays
}

} // namespace
} // namespace estante
