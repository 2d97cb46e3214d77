#include "engines/sqlite_store_fixture.hpp"
#include "support/file_size_limit.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace estante {

namespace {

using SqliteDurability = SqliteStoreTest;

// Writes purchases with their stock, two items a transaction, from several concurrent coroutines, and writes the number
// of each completed transaction to the pipe. Never returns.
[[noreturn]] void write_without_end(const std::filesystem::path& path, int first, int pipe)
{
    ManualClock clock;
    PartitionVersions partition_versions;
    const auto store = create_sqlite_store(path, clock, partition_versions);
    boost::asio::io_context loop;
    int number = first;
    const auto client = [&]() -> Task<void> {
        for (;;) {
            const int mine = number++;
            const std::string sk = std::to_string(mine);
            std::vector<Action> actions{Put{.table = Table::books, .item = {{"pk", "acme#stock"}, {"sk", sk}}},
                                        Put{.table = Table::purchases, .item = {{"pk", "acme#purchase"}, {"sk", sk}}}};
            const auto done = co_await store->items().transact(std::move(actions), "");
            if (done && write(pipe, &mine, sizeof mine) != sizeof mine)
                _exit(2);
        }
    };
    for (int i = 0; i < 8; ++i)
        boost::asio::co_spawn(loop, client(), boost::asio::detached);
    loop.run();
    _exit(3);
}

// Runs in a child process that mounts a disk of four megabytes at `folder`. The exit code names the first failed check;
// 77: this machine does not allow the mount.
[[noreturn]] void fill_a_disk(const std::filesystem::path& folder)
{
    const bool mounted = unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0 &&
                         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         mount("disk", folder.c_str(), "tmpfs", 0, "size=4m") == 0;
    if (!mounted)
        _exit(77);
    ManualClock clock;
    PartitionVersions partition_versions;
    const auto store = create_sqlite_store(folder / "estante.db", clock, partition_versions);
    const auto put = [&](const std::string& sk) {
        Item item{{"pk", "acme#one"}, {"sk", sk}, {"text", std::string(20'000, 'x')}};
        return outcome(run(store->items().put({.table = Table::books, .item = std::move(item)})));
    };
    const auto has = [&](const std::string& sk) {
        return run(store->items().get(Table::books, {"acme#one", sk}))->has_value();
    };
    if (put("before") != "ok")
        _exit(1);
    const auto filler = folder / "filler";
    const int file = ::open(filler.c_str(), O_WRONLY | O_CREAT, 0600);
    const std::string block(4096, 'f');
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
    if (!put("full").starts_with("unavailable"))
        _exit(2);
    if (!has("before") || has("full"))
        _exit(3);
    std::filesystem::remove(filler);
    if (put("after") != "ok")
        _exit(4);
    if (!has("before") || !has("after") || has("full"))
        _exit(5);
    _exit(0);
}

std::vector<std::string> numbers(ItemStore& items, Table table, const std::string& partition)
{
    std::vector<std::string> sks;
    Query query{.table = table, .partition = partition, .limit = 1000};
    do {
        const auto page = run(items.query(query)).value();
        for (const Item& item : page.items)
            sks.emplace_back(text_of(item, "sk"));
        query.after = page.next;
    } while (query.after);
    return sks;
}

} // namespace

TEST_F(SqliteDurability, KeepsItemsIndexesAndCheckpointsAcrossAReopen)
{
    ASSERT_EQ(put("A", {{"n", 1}, {"gsi1pk", "acme#index"}, {"gsi1sk", "1"}}), "ok");
    ASSERT_EQ(outcome(run(store->changes().acknowledge("p", run(store->changes().newest()).value()))), "ok");
    ASSERT_EQ(put("B"), "ok");
    ASSERT_EQ(outcome(run(store->items().transact({put_of("C")}, "token"))), "ok");
    reopen();
    EXPECT_EQ(int_of(*get("A"), "n"), 1);
    EXPECT_EQ(run(store->items().query({.table = Table::books, .index = Index::gsi1, .partition = "acme#index"}))
                  ->items.size(),
              1U);
    const auto changes = run(store->changes().next("p", 10)).value();
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].key, key_of("B"));
    EXPECT_EQ(outcome(run(store->items().transact({put_of("D")}, "token"))), "token_mismatch");
}

TEST_F(SqliteDurability, KeepsEveryCompletedWriteWholeAcrossAKill)
{
    int acknowledged = 0;
    for (int round = 0; round < 3; ++round) {
        store.reset();
        std::array<int, 2> ends{};
        ASSERT_EQ(pipe(ends.data()), 0);
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0)
            write_without_end(path, round * 1'000'000, ends[1]);
        close(ends[1]);
        std::vector<std::string> answered;
        int number = 0;
        while (answered.size() < 300 && read(ends[0], &number, sizeof number) == sizeof number)
            answered.push_back(std::to_string(number));
        kill(child, SIGKILL);
        // Transactions that completed between the last read and the kill count too.
        while (read(ends[0], &number, sizeof number) == sizeof number)
            answered.push_back(std::to_string(number));
        close(ends[0]);
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child exited before it was killed";
        ASSERT_GE(answered.size(), 300U);
        acknowledged += static_cast<int>(answered.size());

        store = open();
        auto stock = numbers(store->items(), Table::books, "acme#stock");
        EXPECT_EQ(stock, numbers(store->items(), Table::purchases, "acme#purchase"))
            << "a transaction is applied completely or not at all";
        for (const auto& sk : answered)
            EXPECT_TRUE(std::ranges::binary_search(stock, sk)) << sk;
        EXPECT_GE(stock.size(), static_cast<std::size_t>(acknowledged));
    }
    const auto changes = run(store->changes().next("p", 10'000)).value();
    EXPECT_EQ(changes.size(), 2 * numbers(store->items(), Table::books, "acme#stock").size());
}

TEST_F(SqliteDurability, WritesAreUnavailableWhileTheDiskIsFull)
{
    store.reset();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0)
        fill_a_disk(folder.path());
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "this machine does not allow the mount";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(SqliteDurability, WritesAreUnavailableWhileTheFileCannotGrow)
{
    const std::string text(20'000, 'x');
    ASSERT_EQ(put("before", {{"text", text}}), "ok");
    int written = 0;
    {
        const FileSizeLimit limit(std::filesystem::file_size(path.string() + "-wal") + 200'000);
        std::string last;
        for (; written < 100; ++written) {
            last = put("full" + std::to_string(written), {{"text", text}});
            if (last != "ok")
                break;
        }
        EXPECT_TRUE(last.starts_with("unavailable")) << last;
        EXPECT_GT(written, 0);
        EXPECT_LT(written, 100);
        EXPECT_EQ(get("full" + std::to_string(written)), std::nullopt);
        EXPECT_EQ(text_of(*get("before"), "text"), text) << "reads continue";
        EXPECT_TRUE(put("still", {{"text", text}}).starts_with("unavailable"));
    }
    EXPECT_EQ(put("after", {{"text", text}}), "ok");
    reopen();
    for (int i = 0; i < written; ++i)
        EXPECT_TRUE(get("full" + std::to_string(i))) << i;
    EXPECT_TRUE(get("before") && get("after"));
    EXPECT_FALSE(get("full" + std::to_string(written)) || get("still"));
    EXPECT_EQ(run(store->changes().next("p", 1'000))->size(), static_cast<std::size_t>(written) + 2);
}

} // namespace estante
