#include "contract/item_store_contract.hpp"

#include <algorithm>

namespace estante {

namespace {

using Keys = std::vector<std::string>;

} // namespace

TEST_P(ItemStoreContract, AnIndexHasTheItemsWithItsKeys)
{
    given(item("A", {{"gsi1pk", pk("one")}, {"gsi1sk", "2"}, {"gsi2pk", pk("author")}, {"gsi2sk", "x"}}));
    given(item("B", {{"gsi1pk", pk("one")}, {"gsi1sk", "1"}}));
    given(item("C", {{"gsi1pk", pk("two")}, {"gsi1sk", "0"}}));
    given(item("D", {{"gsi2pk", pk("author")}, {"gsi2sk", "w"}}));
    given(item("E", {{"gsi1pk", pk("one")}}));
    given(item("F", {{"gsi1sk", "1"}}));
    given(item("G"));
    EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk("one")}), (Keys{"B", "A"}));
    EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk("two")}), (Keys{"C"}));
    EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi2, .partition = pk("author")}), (Keys{"D", "A"}));
    EXPECT_EQ(sort_keys({.table = Table::users, .index = Index::gsi1, .partition = pk("one")}), Keys{});
}

TEST_P(ItemStoreContract, AnIndexQueryReturnsWholeItemsOfAnyPartition)
{
    const Item whole{{"pk", pk("elsewhere")}, {"sk", "A"}, {"gsi1pk", pk()}, {"gsi1sk", "s"}, {"n", 1}};
    given(whole, Table::purchases);
    engine->settle_indexes();
    const auto page = run(store.query({.table = Table::purchases, .index = Index::gsi1, .partition = pk()}));
    ASSERT_EQ(outcome(page), "ok");
    ASSERT_EQ(page->items.size(), 1U);
    EXPECT_EQ(page->items[0], whole);
}

TEST_P(ItemStoreContract, PagesOfAnySizeCoverAnIndexOnceInAStableOrder)
{
    // One item for each pair of partition and sort key; items with the same index key differ in both.
    Keys expected;
    for (const char* index_sk : {"K", "K#1", "k", "ñ"}) {
        for (const char* partition : {"p1", "p2"}) {
            for (const char* sk : {"1", "10", "2"}) {
                expected.push_back(std::string(sk) + " " + index_sk);
                given({{"pk", pk(partition)}, {"sk", expected.back()}, {"gsi1pk", pk()}, {"gsi1sk", index_sk}});
            }
        }
    }
    const auto read = [this](bool forward, std::size_t limit) {
        return sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk(), .forward = forward}, limit);
    };
    Keys backward = expected;
    std::ranges::reverse(backward);
    if (!engine->ties_by_key()) {
        const auto in_order = [](const Keys& keys, bool forward) {
            const auto index_key = [](const std::string& sk) { return sk.substr(sk.find(' ') + 1); };
            return forward ? std::ranges::is_sorted(keys, {}, index_key)
                           : std::ranges::is_sorted(keys, std::ranges::greater(), index_key);
        };
        const auto whole = [](Keys left, Keys right) {
            std::ranges::sort(left);
            std::ranges::sort(right);
            return left == right;
        };
        const Keys as_wanted = std::exchange(expected, read(true, 1000));
        backward = read(false, 1000);
        EXPECT_TRUE(in_order(expected, true) && whole(expected, as_wanted));
        EXPECT_TRUE(in_order(backward, false) && whole(backward, as_wanted));
    }
    for (const std::size_t limit : {1U, 2U, 5U, 23U, 24U, 25U}) {
        EXPECT_EQ(read(true, limit), expected) << limit;
        EXPECT_EQ(read(false, limit), backward) << limit;
    }
}

TEST_P(ItemStoreContract, PrefixAndRangeSelectInAnIndex)
{
    for (const char* sk : {"a#1", "a#2", "b", "c#1"})
        given(item(sk, {{"gsi2pk", pk()}, {"gsi2sk", sk}}));
    const auto read = [this](SortKeys sort, bool forward) {
        return sort_keys({.table = Table::books,
                          .index = Index::gsi2,
                          .partition = pk(),
                          .sort_keys = std::move(sort),
                          .forward = forward},
                         1);
    };
    EXPECT_EQ(read(SortPrefix{"a#"}, true), (Keys{"a#1", "a#2"}));
    EXPECT_EQ(read(SortPrefix{"a#"}, false), (Keys{"a#2", "a#1"}));
    EXPECT_EQ(read(SortRange{"a#2", "c#1"}, true), (Keys{"a#2", "b", "c#1"}));
    EXPECT_EQ(read(SortRange{"a#2", "b"}, false), (Keys{"b", "a#2"}));
    EXPECT_EQ(read(SortRange{"b", {}}, true), (Keys{"b", "c#1"}));
    EXPECT_EQ(read(SortRange{{}, "a#1"}, true), (Keys{"a#1"}));
}

TEST_P(ItemStoreContract, AnIndexCursorHasBothKeys)
{
    given(item("A", {{"gsi1pk", pk()}, {"gsi1sk", "s"}}));
    given(item("B", {{"gsi1pk", pk()}, {"gsi1sk", "t"}}));
    engine->settle_indexes();
    const auto page = run(store.query({.table = Table::books, .index = Index::gsi1, .partition = pk(), .limit = 1}));
    ASSERT_EQ(outcome(page), "ok");
    EXPECT_EQ(page->next, (Cursor{.key = key("A"), .index_key = Key{pk(), "s"}}));
}

TEST_P(ItemStoreContract, AnItemMovesWithinAnIndexAndBetweenItsPartitions)
{
    const auto listed = [this](std::string_view partition) {
        return sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk(partition)});
    };
    given(item("A", {{"gsi1pk", pk("x")}, {"gsi1sk", "1"}}));
    given(item("B", {{"gsi1pk", pk("x")}, {"gsi1sk", "2"}}));
    ASSERT_EQ(outcome(update({.table = Table::books, .key = key("A"), .set = {{"gsi1sk", "3"}}})), "ok");
    EXPECT_EQ(listed("x"), (Keys{"B", "A"}));
    ASSERT_EQ(outcome(put(item("A", {{"gsi1pk", pk("y")}, {"gsi1sk", "3"}}))), "ok");
    EXPECT_EQ(listed("x"), (Keys{"B"}));
    EXPECT_EQ(listed("y"), (Keys{"A"}));
}

TEST_P(ItemStoreContract, AnItemLeavesAnIndexWhenItLosesItsIndexKeys)
{
    const auto listed = [this] { return sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk()}); };
    for (const char* sk : {"A", "B", "C", "D"})
        given(item(sk, {{"gsi1pk", pk()}, {"gsi1sk", sk}}));
    ASSERT_EQ(outcome(update({.table = Table::books, .key = key("A"), .remove = {"gsi1pk", "gsi1sk"}})), "ok");
    EXPECT_EQ(listed(), (Keys{"B", "C", "D"}));
    ASSERT_EQ(outcome(update({.table = Table::books, .key = key("B"), .remove = {"gsi1sk"}})), "ok");
    EXPECT_EQ(listed(), (Keys{"C", "D"}));
    ASSERT_EQ(outcome(put(item("C"))), "ok");
    EXPECT_EQ(listed(), (Keys{"D"}));
    ASSERT_EQ(outcome(remove(key("D"))), "ok");
    EXPECT_EQ(listed(), Keys{});
    ASSERT_EQ(outcome(update({.table = Table::books, .key = key("B"), .set = {{"gsi1sk", "back"}}})), "ok");
    EXPECT_EQ(listed(), (Keys{"B"}));
}

TEST_P(ItemStoreContract, AFailedTransactionDoesNotChangeTheIndexes)
{
    given(item("A", {{"gsi1pk", pk()}, {"gsi1sk", "1"}}));
    ASSERT_EQ(outcome(transact({Put{.table = Table::books, .item = item("A")},
                                Put{.table = Table::books, .item = item("B", {{"gsi1pk", pk()}, {"gsi1sk", "2"}})},
                                Check{.table = Table::books, .key = key("C"), .conditions = {Present{}}}})),
              "condition_failed");
    EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk()}), (Keys{"A"}));
}

} // namespace estante
