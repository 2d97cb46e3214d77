#include "contract/item_store_contract.hpp"

#include <algorithm>
#include <set>

namespace estante {

TEST_P(ItemStoreContract, BatchGetReturnsItemsInTheOrderOfTheKeys)
{
    given(item("A"));
    given(item("C", {{"n", 3}}));
    given({{"pk", pk("other")}, {"sk", "A"}});
    const auto items = run(store.batch_get(Table::books, {key("C"), key("B"), {pk("other"), "A"}, key("A")}));
    ASSERT_EQ(outcome(items), "ok");
    ASSERT_EQ(items->size(), 4U);
    EXPECT_EQ((*items)[0], item("C", {{"n", 3}}));
    EXPECT_EQ((*items)[1], std::nullopt);
    EXPECT_EQ((*items)[2], (Item{{"pk", pk("other")}, {"sk", "A"}}));
    EXPECT_EQ((*items)[3], item("A"));
}

TEST_P(ItemStoreContract, BatchGetAcceptsUpToAHundredDifferentKeys)
{
    std::vector<Key> keys;
    for (int i = 0; i < 100; ++i)
        keys.push_back(key(std::to_string(i)));
    given(item("99"));
    const auto items = run(store.batch_get(Table::books, keys));
    ASSERT_EQ(outcome(items), "ok");
    EXPECT_EQ(std::ranges::count_if(*items, [](const auto& item) { return item.has_value(); }), 1);
    EXPECT_EQ(items->at(99), item("99"));

    keys.push_back(key("100"));
    EXPECT_EQ(outcome(run(store.batch_get(Table::books, keys))), "invalid");
    EXPECT_EQ(outcome(run(store.batch_get(Table::books, {key(), key()}))), "invalid");
    EXPECT_EQ(outcome(run(store.batch_get(Table::books, {}))), "ok");
}

TEST_P(ItemStoreContract, BatchWriteStoresAnyNumberOfItems)
{
    given(item("old"));
    given(item("replaced", {{"n", 1}}));
    std::vector<Action> actions{Delete{.table = Table::books, .key = key("old")},
                                Delete{.table = Table::books, .key = key("never")},
                                Put{.table = Table::books, .item = item("replaced")},
                                Put{.table = Table::purchases, .item = item("elsewhere")}};
    for (int i = 1000; i < 1257; ++i)
        actions.emplace_back(Put{.table = Table::books, .item = item("new" + std::to_string(i), {{"n", i}})});
    EXPECT_EQ(outcome(run(store.batch_write(actions))), "ok");
    EXPECT_FALSE(has(key("old")));
    EXPECT_EQ(get(key("replaced")), item("replaced"));
    EXPECT_TRUE(has(key("elsewhere"), Table::purchases));
    EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk(), .sort_keys = SortPrefix{"new"}}).size(), 257U);
    EXPECT_EQ(get(key("new1256")), item("new1256", {{"n", 1256}}));
    EXPECT_EQ(outcome(run(store.batch_write({}))), "ok");
}

TEST_P(ItemStoreContract, BatchWriteMayExceedTheSizeOfATransaction)
{
    std::vector<Action> actions;
    for (int i = 0; i < 30; ++i)
        actions.emplace_back(
            Put{.table = Table::books, .item = item(std::to_string(i), {{"text", std::string(300 * 1024, 'x')}})});
    EXPECT_EQ(outcome(run(store.batch_write(actions))), "ok");
    EXPECT_TRUE(has(key("0")));
    EXPECT_TRUE(has(key("29")));
}

TEST_P(ItemStoreContract, BatchWriteAcceptsOnlyUnconditionalPutsAndDeletesOfDifferentItems)
{
    const auto written = [this](std::vector<Action> actions) {
        return outcome(run(store.batch_write(std::move(actions))));
    };
    EXPECT_EQ(written({Update{.table = Table::books, .key = key()}}), "invalid");
    EXPECT_EQ(written({Check{.table = Table::books, .key = key()}}), "invalid");
    EXPECT_EQ(written({Put{.table = Table::books, .item = item(), .conditions = {Absent{}}}}), "invalid");
    EXPECT_EQ(written({Put{.table = Table::books, .item = item()}, Delete{.table = Table::books, .key = key()}}),
              "invalid");
    EXPECT_EQ(written({Put{.table = Table::books, .item = item()}, Put{.table = Table::books, .item = {{"pk", pk()}}}}),
              "invalid");
    EXPECT_FALSE(has(key()));
}

TEST_P(ItemStoreContract, ScanReturnsEveryItemOnce)
{
    std::set<std::string> expected;
    std::vector<Action> actions;
    for (int partition = 0; partition < 7; ++partition) {
        for (int i = 0; i < 11; ++i) {
            const std::string name = std::to_string(partition) + "-" + std::to_string(i);
            expected.insert(name);
            actions.emplace_back(
                Put{.table = Table::users,
                    .item = {{"pk", pk(std::to_string(partition))}, {"sk", "s" + std::to_string(i)}, {"name", name}}});
        }
    }
    ASSERT_EQ(outcome(run(store.batch_write(actions))), "ok");
    for (const std::size_t limit : {1U, 10U, 1000U}) {
        std::multiset<std::string> found;
        std::optional<Cursor> after;
        do {
            const auto page = run(store.scan(Table::users, limit, after));
            ASSERT_EQ(outcome(page), "ok");
            ASSERT_LE(page->items.size(), limit);
            ASSERT_FALSE(after && page->items.empty());
            for (const Item& item : page->items) {
                if (text_of(item, "pk").starts_with(prefix))
                    found.emplace(text_of(item, "name"));
            }
            after = page->next;
        } while (after);
        EXPECT_EQ(found.size(), expected.size());
        EXPECT_EQ(std::set(found.begin(), found.end()), expected);
    }
}

TEST_P(ItemStoreContract, ScanHasTheLimitsOfAQuery)
{
    EXPECT_EQ(outcome(run(store.scan(Table::users, 0, {}))), "invalid");
    EXPECT_EQ(outcome(run(store.scan(Table::users, 1001, {}))), "invalid");
    EXPECT_EQ(outcome(run(store.scan(Table::users, 1, Cursor{.key = key(), .index_key = key()}))), "invalid");
}

} // namespace estante
