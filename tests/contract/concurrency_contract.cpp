#include "contract/item_store_contract.hpp"

#include <atomic>
#include <thread>

namespace estante {

namespace {

// Calls `work(n)` on `count` threads concurrently.
template <class Work> void on_threads(int count, Work work)
{
    std::vector<std::thread> threads;
    for (int n = 0; n < count; ++n)
        threads.emplace_back([&work, n] { work(n); });
    for (auto& thread : threads)
        thread.join();
}

} // namespace

TEST_P(ItemStoreContract, ConcurrentBuyersGetExactlyTheCopiesInStock)
{
    given(item("stock", {{"on_hand", 10}}));
    std::atomic<int> sold = 0;
    std::atomic<int> refused = 0;
    on_threads(6, [&](int thread) {
        for (int i = 0; i < 5; ++i) {
            const auto purchase = "purchase" + std::to_string(thread) + "-" + std::to_string(i);
            for (;;) {
                const auto done =
                    transact({Update{.table = Table::books,
                                     .key = key("stock"),
                                     .add = {{"on_hand", -1}},
                                     .conditions = {AtLeast{"on_hand", 1}}},
                              Put{.table = Table::purchases, .item = item(purchase), .conditions = {Absent{}}}});
                if (outcome(done) == "conflict")
                    continue;
                ++(done ? sold : refused);
                if (!done)
                    EXPECT_EQ(outcome(done), "condition_failed");
                break;
            }
        }
    });
    EXPECT_EQ(sold, 10);
    EXPECT_EQ(refused, 20);
    EXPECT_EQ(get(key("stock")), item("stock", {{"on_hand", 0}}));
    EXPECT_EQ(sort_keys({.table = Table::purchases, .partition = pk()}).size(), 10U);
}

TEST_P(ItemStoreContract, ConcurrentAddsLoseNothing)
{
    on_threads(4, [&](int) {
        for (int i = 0; i < 25; ++i) {
            while (outcome(update({.table = Table::books, .key = key(), .add = {{"n", 1}}})) == "conflict") {
            }
        }
    });
    EXPECT_EQ(get(key()), item("A", {{"n", 100}}));
}

TEST_P(ItemStoreContract, ConcurrentClaimsOfAKeyHaveOneWinner)
{
    std::atomic<int> won = 0;
    on_threads(
        6, [&](int thread) { won += outcome(put(item("claim", {{"owner", thread}}), {Absent{}})) == "ok" ? 1 : 0; });
    EXPECT_EQ(won, 1);
    EXPECT_TRUE(has(key("claim")));
}

TEST_P(ItemStoreContract, AReadSeesEveryWriteThatReturnedBefore)
{
    given(item("A", {{"n", 0}}));
    std::atomic<std::int64_t> answered = 0;
    std::atomic<bool> over = false;
    std::atomic<int> stale = 0;
    std::thread reader([&] {
        while (!over) {
            const auto at_least = answered.load();
            const auto found = get(key());
            stale += !found || int_of(*found, "n") < at_least ? 1 : 0;
        }
    });
    for (std::int64_t n = 1; n <= 200; ++n) {
        EXPECT_EQ(outcome(put(item("A", {{"n", n}}))), "ok");
        answered = n;
    }
    over = true;
    reader.join();
    EXPECT_EQ(stale, 0);
}

} // namespace estante
