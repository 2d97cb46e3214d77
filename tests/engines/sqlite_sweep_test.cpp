#include "engines/sqlite_store_fixture.hpp"

namespace estante {

namespace {

constexpr std::int64_t day_ms = 24 * 60 * 60 * 1000;

class SqliteSweep : public SqliteStoreTest {
protected:
    // The writer's own sweeps are disabled by a long interval: the test decides when it sweeps.
    SqliteSweep() { reopen({.sweep_interval_ms = 3'600'000}); }

    std::size_t sweep() { return run(store->sweep()).value(); }
    std::size_t sweep_all()
    {
        std::size_t sum = 0;
        for (std::size_t removed = sweep(); removed > 0; removed = sweep())
            sum += removed;
        return sum;
    }
    std::int64_t rows(const char* table)
    {
        sqlite::Connection connection(path.string(), sqlite::Connection::Access::read, 1'000);
        sqlite::Statement count(connection, std::string("SELECT count(*) FROM ") + table);
        auto rows = count.rows();
        rows.next();
        return rows.integer(0);
    }
    std::vector<Change> next(const std::string& processor)
    {
        return run(store->changes().next(processor, 1000)).value();
    }
    void acknowledge_all(const std::string& processor)
    {
        const auto position = run(store->changes().newest()).value();
        ASSERT_EQ(outcome(run(store->changes().acknowledge(processor, position))), "ok");
    }
};

} // namespace

TEST_F(SqliteSweep, AddsRemovedItemsToTheChangeStream)
{
    const auto now_s = clock.now_ms() / 1000;
    ASSERT_EQ(put("ends", {{"expires_at", now_s + 10}, {"gsi1pk", "acme#index"}, {"gsi1sk", "1"}}), "ok");
    ASSERT_EQ(put("stays", {{"expires_at", now_s + 11}}), "ok");
    ASSERT_EQ(put("never expires"), "ok");
    acknowledge_all("p");
    EXPECT_EQ(sweep(), 0U);

    clock.advance(10'000);
    const auto stamp = partition_versions.at(PartitionVersions::slot_of(Table::books, "acme#index"));
    EXPECT_EQ(sweep(), 1U);
    EXPECT_EQ(rows("books"), 2);
    EXPECT_GT(partition_versions.at(PartitionVersions::slot_of(Table::books, "acme#index")), stamp);
    const auto changes = next("p");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].key, key_of("ends"));
    EXPECT_TRUE(changes[0].before.has_value());
    EXPECT_EQ(changes[0].after, std::nullopt);
}

TEST_F(SqliteSweep, RemovesABoundedNumberOfItems)
{
    std::vector<Action> actions;
    for (int i = 0; i < 1'000; ++i)
        actions.emplace_back(put_of(std::to_string(i), {{"expires_at", 1}}));
    ASSERT_EQ(outcome(run(store->items().batch_write(actions))), "ok");
    const auto first = sweep();
    EXPECT_GT(first, 0U);
    EXPECT_LT(first, 1'000U);
    EXPECT_EQ(first + sweep_all(), 1'000U);
    EXPECT_EQ(rows("books"), 0);
}

TEST_F(SqliteSweep, IsRunByTheIdleWriter)
{
    reopen({.sweep_interval_ms = 1});
    std::vector<Action> actions;
    for (int i = 0; i < 500; ++i)
        actions.emplace_back(put_of(std::to_string(i), {{"expires_at", 1}}));
    ASSERT_EQ(outcome(run(store->items().batch_write(actions))), "ok");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (rows("books") > 0 && std::chrono::steady_clock::now() < deadline) {
    }
    EXPECT_EQ(rows("books"), 0);
}

TEST_F(SqliteSweep, KeepsChangesFor24Hours)
{
    ASSERT_EQ(put("A"), "ok");
    ASSERT_EQ(put("B"), "ok");
    clock.advance(day_ms - 1);
    EXPECT_EQ(sweep_all(), 0U);
    EXPECT_EQ(next("new").size(), 2U);
    acknowledge_all("new");
    clock.advance(1);
    EXPECT_EQ(sweep_all(), 1U) << "the newest change stays, so that the numbering continues";
    EXPECT_EQ(rows("changes"), 1);
}

TEST_F(SqliteSweep, KeepsChangesUntilEveryProcessorHasAcknowledgedThem)
{
    EXPECT_TRUE(next("slow").empty()) << "the first call registers the processor";
    for (const char* sk : {"A", "B", "C", "D"})
        ASSERT_EQ(put(sk), "ok");
    acknowledge_all("fast");
    clock.advance(10 * day_ms);
    EXPECT_EQ(sweep_all(), 0U);
    const auto changes = next("slow");
    ASSERT_EQ(changes.size(), 4U);
    ASSERT_EQ(outcome(run(store->changes().acknowledge("slow", changes[1].position))), "ok");
    EXPECT_EQ(sweep_all(), 2U);
    EXPECT_EQ(next("slow").size(), 2U);
}

TEST_F(SqliteSweep, PositionsContinueAfterTrimmingAndReopening)
{
    for (const char* sk : {"A", "B", "C"})
        ASSERT_EQ(put(sk), "ok");
    acknowledge_all("p");
    clock.advance(2 * day_ms);
    ASSERT_EQ(sweep_all(), 2U);
    reopen();
    ASSERT_EQ(put("D"), "ok");
    const auto changes = next("p");
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].key, key_of("D"));
}

TEST_F(SqliteSweep, RemovesExpiredTokens)
{
    const auto transact = [this](const std::string& token) {
        return outcome(run(store->items().transact({put_of("A")}, token)));
    };
    ASSERT_EQ(transact("one"), "ok");
    ASSERT_EQ(transact(""), "ok");
    EXPECT_EQ(rows("tokens"), 1);
    EXPECT_EQ(sweep_all(), 0U);
    clock.advance(10 * 60 * 1000);
    EXPECT_EQ(sweep_all(), 1U);
    EXPECT_EQ(rows("tokens"), 0);
}

TEST_F(SqliteSweep, WritesNothingWhenNothingExpired)
{
    ASSERT_EQ(put("A"), "ok");
    const auto before = vfs.syncs();
    EXPECT_EQ(sweep_all(), 0U);
    EXPECT_EQ(vfs.syncs(), before);
}

} // namespace estante
