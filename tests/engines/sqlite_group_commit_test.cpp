#include "engines/sqlite_store_fixture.hpp"

#include <algorithm>
#include <thread>

namespace estante {

namespace {

using SqliteGroupCommit = SqliteStoreTest;

std::vector<std::string> all_ok(std::size_t count)
{
    return std::vector<std::string>(count, "ok");
}

} // namespace

TEST_F(SqliteGroupCommit, QueuedTransactionsShareOneCommitAndOneSync)
{
    ASSERT_EQ(put("first"), "ok");
    const auto before = store->counters();
    const auto syncs_before = vfs.syncs();
    Calls calls;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 64; ++i)
            calls.begin(store->items().put(put_of(std::to_string(i))));
    }
    EXPECT_EQ(calls.finish(), all_ok(64));
    const auto after = store->counters();
    EXPECT_EQ(after.transactions - before.transactions, 64U);
    EXPECT_LE(after.commits - before.commits, 2U);
    EXPECT_LE(vfs.syncs() - syncs_before, 2U);
    EXPECT_GE(vfs.syncs() - syncs_before, 1U);
}

TEST_F(SqliteGroupCommit, EveryWriteReturnsAfterASync)
{
    ASSERT_EQ(put("first"), "ok");
    const auto before = vfs.syncs();
    for (int i = 0; i < 8; ++i)
        ASSERT_EQ(put(std::to_string(i)), "ok");
    EXPECT_GE(vfs.syncs() - before, 8U);
}

TEST_F(SqliteGroupCommit, ATransactionWithoutWritesNeedsNoSync)
{
    ASSERT_EQ(put("first"), "ok");
    const auto before = vfs.syncs();
    EXPECT_EQ(outcome(run(store->items().transact(
                  {Check{.table = Table::books, .key = key_of("first"), .conditions = {Absent{}}}}, ""))),
              "condition_failed");
    EXPECT_EQ(vfs.syncs(), before);
}

TEST_F(SqliteGroupCommit, AGroupHoldsAtMostTheConfiguredTransactions)
{
    reopen({.max_group_transactions = 10});
    const auto before = store->counters();
    Calls calls;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 40; ++i)
            calls.begin(store->items().put(put_of(std::to_string(i))));
    }
    EXPECT_EQ(calls.finish(), all_ok(40));
    EXPECT_GE(store->counters().commits - before.commits, 4U);
}

TEST_F(SqliteGroupCommit, AGroupHoldsAtMostTheConfiguredBytes)
{
    reopen({.max_group_bytes = 100'000});
    const auto before = store->counters();
    Calls calls;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 20; ++i)
            calls.begin(store->items().put(put_of(std::to_string(i), {{"text", std::string(60'000, 'x')}})));
    }
    EXPECT_EQ(calls.finish(), all_ok(20));
    EXPECT_GE(store->counters().commits - before.commits, 10U);
}

TEST_F(SqliteGroupCommit, TransactionsOfOneGroupSeeEachOther)
{
    ASSERT_EQ(put("stock", {{"on_hand", 3}}), "ok");
    Calls calls;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 5; ++i)
            calls.begin(store->items().update({.table = Table::books,
                                               .key = key_of("stock"),
                                               .add = {{"on_hand", -1}},
                                               .conditions = {AtLeast{"on_hand", 1}}}));
    }
    EXPECT_EQ(calls.finish(), (std::vector<std::string>{"ok", "ok", "ok", "condition_failed", "condition_failed"}));
    EXPECT_EQ(int_of(*get("stock"), "on_hand"), 0);
}

TEST_F(SqliteGroupCommit, AnInvalidTransactionFailsAlone)
{
    ASSERT_EQ(put("text", {{"n", "no number"}}), "ok");
    Calls calls;
    {
        const ForeignLock lock(path);
        calls.begin(store->items().put(put_of("before")));
        calls.begin(store->items().update({.table = Table::books, .key = key_of("text"), .add = {{"n", 1}}}));
        calls.begin(store->items().put(put_of("after")));
    }
    EXPECT_EQ(calls.finish(), (std::vector<std::string>{"ok", "invalid", "ok"}));
    EXPECT_TRUE(get("before") && get("after"));
}

TEST_F(SqliteGroupCommit, ATransactionThatReadsADamagedItemFailsAlone)
{
    ASSERT_EQ(put("damaged", {{"n", 1}}), "ok");
    sqlite::Connection(path.string(), sqlite::Connection::Access::write, 5'000).run("UPDATE books SET body = '{'");
    Calls calls;
    {
        const ForeignLock lock(path);
        calls.begin(store->items().put(put_of("before")));
        calls.begin(store->items().update({.table = Table::books, .key = key_of("damaged"), .add = {{"n", 1}}}));
        calls.begin(store->items().put(put_of("after")));
    }
    EXPECT_EQ(calls.finish(), (std::vector<std::string>{"ok", "thrown", "ok"}));
    EXPECT_TRUE(get("before") && get("after"));
    EXPECT_THROW(run(store->items().get(Table::books, key_of("damaged"))), std::runtime_error);
}

TEST_F(SqliteGroupCommit, AWriteIsUnavailableWhileAnotherProcessHoldsTheLock)
{
    reopen({.busy_timeout_ms = 20});
    {
        const ForeignLock lock(path);
        EXPECT_TRUE(put("A").starts_with("unavailable"));
        EXPECT_EQ(get("A"), std::nullopt);
    }
    EXPECT_EQ(put("A"), "ok");
}

TEST_F(SqliteGroupCommit, AWriteIsUnavailableWhenTheQueueIsFull)
{
    reopen({.max_queued = 5});
    Calls calls;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 20; ++i)
            calls.begin(store->items().put(put_of(std::to_string(i))));
    }
    const auto& outcomes = calls.finish();
    const auto refused = std::ranges::count(outcomes, "unavailable: too many transactions are queued");
    EXPECT_GE(refused, 10);
    EXPECT_EQ(refused + std::ranges::count(outcomes, "ok"), 20);
    EXPECT_EQ(put("later"), "ok");
}

TEST_F(SqliteGroupCommit, ClosingCompletesQueuedWrites)
{
    Calls calls;
    std::thread closing;
    {
        const ForeignLock lock(path);
        for (int i = 0; i < 20; ++i)
            calls.begin(store->items().put(put_of(std::to_string(i))));
        closing = std::thread([this] { store.reset(); });
    }
    closing.join();
    EXPECT_EQ(calls.finish(), all_ok(20));
    store = open();
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(get(std::to_string(i))) << i;
}

TEST_F(SqliteGroupCommit, VersionsOfWrittenPartitionsAdvanceBeforeTheWriteReturns)
{
    ASSERT_EQ(put("A", {{"gsi1pk", "acme#old"}, {"gsi1sk", "1"}, {"gsi2pk", "acme#author"}, {"gsi2sk", "1"}}), "ok");
    ASSERT_EQ(put("B"), "ok");
    const auto stamp = [this](const char* partition) {
        return partition_versions.at(PartitionVersions::slot_of(Table::books, partition));
    };
    const auto one = stamp("acme#one");
    const auto old_index = stamp("acme#old");
    const auto new_index = stamp("acme#new");
    const auto author = stamp("acme#author");
    const auto other = stamp("acme#other");
    const auto same_name = partition_versions.at(PartitionVersions::slot_of(Table::users, "acme#one"));

    EXPECT_EQ(
        outcome(run(store->items().remove({.table = Table::books, .key = key_of("B"), .conditions = {Absent{}}}))),
        "condition_failed");
    EXPECT_EQ(stamp("acme#one"), one) << "a write that changed nothing invalidates no cache";

    ASSERT_EQ(put("A", {{"gsi1pk", "acme#new"}, {"gsi1sk", "1"}, {"gsi2pk", "acme#author"}, {"gsi2sk", "1"}}), "ok");
    EXPECT_GT(stamp("acme#one"), one);
    EXPECT_GT(stamp("acme#old"), old_index);
    EXPECT_GT(stamp("acme#new"), new_index);
    EXPECT_GT(stamp("acme#author"), author);
    EXPECT_EQ(stamp("acme#other"), other);
    EXPECT_EQ(partition_versions.at(PartitionVersions::slot_of(Table::users, "acme#one")), same_name);
}

TEST_F(SqliteGroupCommit, AnItemCachedUnderTheCurrentVersionIsNeverStale)
{
    ASSERT_EQ(put("A", {{"n", 0}}), "ok");
    const auto slot = PartitionVersions::slot_of(Table::books, "acme#one");
    std::atomic<std::int64_t> answered = 0;
    std::atomic<bool> over = false;
    int stale = 0;
    std::thread reader([&] {
        std::uint64_t cached_at = partition_versions.at(slot);
        std::int64_t cached = int_of(*get("A"), "n");
        while (!over) {
            const auto at_least = answered.load();
            if (const auto now = partition_versions.at(slot); now != cached_at) {
                cached_at = now;
                cached = int_of(*get("A"), "n");
            }
            stale += cached < at_least ? 1 : 0;
        }
    });
    for (std::int64_t n = 1; n <= 200; ++n) {
        EXPECT_EQ(put("A", {{"n", n}}), "ok");
        answered = n;
    }
    over = true;
    reader.join();
    EXPECT_EQ(stale, 0);
}

} // namespace estante
