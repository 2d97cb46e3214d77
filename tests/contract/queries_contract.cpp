#include "contract/item_store_contract.hpp"

#include <algorithm>

namespace estante {

namespace {

using Keys = std::vector<std::string>;

Keys reversed(Keys keys)
{
    std::ranges::reverse(keys);
    return keys;
}

// In byte order, which differs from alphabetical order.
const Keys in_byte_order{"A", "A\x01", "A#1", "A#10", "A#2", "AB", "B",      "Z",  "a", "aa",
                         "z", "~",     "Ñ",   "é",    "–",   "漢", "\uFFFD", "😀", "😁"};

} // namespace

TEST_P(ItemStoreContract, AQueryReadsAPartitionInByteOrder)
{
    for (const auto& sk : reversed(in_byte_order))
        given(item(sk));
    given({{"pk", pk("other")}, {"sk", "A"}});
    given(item("A"), Table::users);
    EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk()}), in_byte_order);
    EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk(), .forward = false}), reversed(in_byte_order));
}

TEST_P(ItemStoreContract, AQueryReturnsWholeItems)
{
    given(item("A", {{"n", 1}, {"list", List{"x"}}}));
    const auto page = run(store.query({.table = Table::books, .partition = pk()}));
    ASSERT_EQ(outcome(page), "ok");
    ASSERT_EQ(page->items.size(), 1U);
    EXPECT_EQ(page->items[0], item("A", {{"n", 1}, {"list", List{"x"}}}));
    EXPECT_EQ(page->next, std::nullopt);
}

TEST_P(ItemStoreContract, PagesOfAnySizeCoverAPartitionOnce)
{
    for (const auto& sk : in_byte_order)
        given(item(sk));
    for (const std::size_t limit : {1U, 2U, 3U, 18U, 19U, 20U}) {
        EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk()}, limit), in_byte_order) << limit;
        EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk(), .forward = false}, limit),
                  reversed(in_byte_order))
            << limit;
    }
}

TEST_P(ItemStoreContract, APrefixSelectsTheSortKeysThatBeginWithIt)
{
    for (const auto& sk : in_byte_order)
        given(item(sk));
    const auto with = [this](const char* prefix, bool forward, std::size_t limit) {
        return sort_keys(
            {.table = Table::books, .partition = pk(), .sort_keys = SortPrefix{prefix}, .forward = forward}, limit);
    };
    for (const std::size_t limit : {1U, 2U, 100U}) {
        EXPECT_EQ(with("A#", true, limit), (Keys{"A#1", "A#10", "A#2"}));
        EXPECT_EQ(with("A#", false, limit), (Keys{"A#2", "A#10", "A#1"}));
        EXPECT_EQ(with("A", true, limit), (Keys{"A", "A\x01", "A#1", "A#10", "A#2", "AB"}));
        EXPECT_EQ(with("😀", true, limit), (Keys{"😀"}));
        EXPECT_EQ(with("C", true, limit), Keys{});
        EXPECT_EQ(with("", true, limit), in_byte_order);
    }
}

TEST_P(ItemStoreContract, ARangeIncludesBothOfItsBounds)
{
    for (const auto& sk : in_byte_order)
        given(item(sk));
    const auto between = [this](std::optional<std::string> first, std::optional<std::string> last, bool forward,
                                std::size_t limit) {
        return sort_keys({.table = Table::books,
                          .partition = pk(),
                          .sort_keys = SortRange{std::move(first), std::move(last)},
                          .forward = forward},
                         limit);
    };
    for (const std::size_t limit : {1U, 2U, 100U}) {
        EXPECT_EQ(between("A", "A#1", true, limit), (Keys{"A", "A\x01", "A#1"}));
        EXPECT_EQ(between("A#10", "B", true, limit), (Keys{"A#10", "A#2", "AB", "B"}));
        EXPECT_EQ(between("A#10", "B", false, limit), (Keys{"B", "AB", "A#2", "A#10"}));
        EXPECT_EQ(between("z", std::nullopt, true, limit), (Keys{"z", "~", "Ñ", "é", "–", "漢", "\uFFFD", "😀", "😁"}));
        EXPECT_EQ(between(std::nullopt, "A", false, limit), (Keys{"A"}));
        EXPECT_EQ(between(std::nullopt, std::nullopt, true, limit), in_byte_order);
        EXPECT_EQ(between("C", "Y", true, limit), Keys{});
        EXPECT_EQ(between("B", "A", true, limit), Keys{}) << "ends in the wrong order enclose nothing";
    }
}

TEST_P(ItemStoreContract, ACursorIsExclusiveAndValidAfterItsItemIsDeleted)
{
    for (const char* sk : {"A", "B", "C", "D"})
        given(item(sk));
    Query query{.table = Table::books, .partition = pk(), .limit = 2};
    const auto first = run(store.query(query));
    ASSERT_EQ(outcome(first), "ok");
    EXPECT_EQ(first->next, (Cursor{.key = key("B")}));
    ASSERT_EQ(outcome(remove(key("B"))), "ok");
    given(item("A2"));
    query.after = first->next;
    EXPECT_EQ(sort_keys(query), (Keys{"C", "D"}));
    query.forward = false;
    EXPECT_EQ(sort_keys(query), (Keys{"A2", "A"}));
}

TEST_P(ItemStoreContract, AnEmptyPartitionHasOneEmptyPage)
{
    const auto page = run(store.query({.table = Table::books, .partition = pk()}));
    ASSERT_EQ(outcome(page), "ok");
    EXPECT_TRUE(page->items.empty());
    EXPECT_EQ(page->next, std::nullopt);
}

TEST_P(ItemStoreContract, AQueryOutOfLimitsIsInvalid)
{
    const auto asked = [this](Query query) { return outcome(run(store.query(std::move(query)))); };
    EXPECT_EQ(asked({.table = Table::books, .partition = ""}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = std::string(2049, 'x')}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = pk(), .limit = 0}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = pk(), .limit = 1001}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = pk(), .limit = 1000}), "ok");
    EXPECT_EQ(asked({.table = Table::users, .index = Index::gsi2, .partition = pk()}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = pk(), .after = Cursor{.key = {pk("other"), "A"}}}), "invalid");
    EXPECT_EQ(asked({.table = Table::books, .partition = pk(), .after = Cursor{.key = key(), .index_key = key()}}),
              "invalid");
    EXPECT_EQ(asked({.table = Table::books, .index = Index::gsi1, .partition = pk(), .after = Cursor{.key = key()}}),
              "invalid");
}

} // namespace estante
