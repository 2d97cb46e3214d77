#include "contract/item_store_contract.hpp"

#include <algorithm>

namespace estante {

namespace {

using Keys = std::vector<std::string>;

// In the past and in the future of any clock.
constexpr std::int64_t long_ago_s = 1'000'000'000;
constexpr std::int64_t far_away_s = 9'000'000'000;

} // namespace

TEST_P(ItemStoreContract, AnExpiredItemReadsAsAbsent)
{
    given(item("A", {{"expires_at", long_ago_s}}));
    given(item("B", {{"expires_at", far_away_s}}));
    EXPECT_FALSE(has(key("A")));
    EXPECT_TRUE(has(key("B")));
    const auto items = run(store.batch_get(Table::books, {key("A"), key("B")}));
    ASSERT_EQ(outcome(items), "ok");
    EXPECT_FALSE((*items)[0].has_value());
    EXPECT_TRUE((*items)[1].has_value());
}

TEST_P(ItemStoreContract, OnlyANumberInExpiresAtExpiresAnItem)
{
    given(item("text", {{"expires_at", std::to_string(long_ago_s)}}));
    given(item("null", {{"expires_at", nullptr}}));
    EXPECT_TRUE(has(key("text")));
    EXPECT_TRUE(has(key("null")));
}

TEST_P(ItemStoreContract, QueriesAndScansOmitExpiredItems)
{
    for (const char* sk : {"1", "3", "5", "6", "7"})
        given(item(sk, {{"expires_at", long_ago_s}, {"gsi1pk", pk()}, {"gsi1sk", sk}}));
    for (const char* sk : {"2", "4"})
        given(item(sk, {{"gsi1pk", pk()}, {"gsi1sk", sk}}));
    for (const std::size_t limit : {1U, 2U, 10U}) {
        EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk()}, limit), (Keys{"2", "4"}));
        EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk(), .forward = false}, limit), (Keys{"4", "2"}));
        EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk()}, limit), (Keys{"2", "4"}));
    }
    Keys scanned;
    std::optional<Cursor> after;
    do {
        const auto page = run(store.scan(Table::books, 3, after));
        ASSERT_EQ(outcome(page), "ok");
        for (const Item& item : page->items) {
            if (text_of(item, "pk") == pk())
                scanned.emplace_back(text_of(item, "sk"));
        }
        after = page->next;
    } while (after);
    std::ranges::sort(scanned);
    EXPECT_EQ(scanned, (Keys{"2", "4"}));
}

TEST_P(ItemStoreContract, ConditionsTreatAnExpiredItemAsAbsent)
{
    given(item("A", {{"expires_at", long_ago_s}, {"version", 1}, {"n", 5}}));
    for (const Condition& condition : {Condition(Present{}), Condition(VersionIs{1}), Condition(AtLeast{"n", 1}),
                                       Condition(Equals{"n", 5}), Condition(Lacks{"x"})}) {
        const auto checked = transact({Check{.table = Table::books, .key = key(), .conditions = {condition}}});
        ASSERT_EQ(outcome(checked), "condition_failed") << condition.index();
        EXPECT_EQ(checked.error().failed.at(0).current, std::nullopt);
    }
    EXPECT_EQ(outcome(transact({Check{.table = Table::books, .key = key(), .conditions = {Absent{}}}})), "ok");
}

TEST_P(ItemStoreContract, AnExpiredItemCanBeReplacedUnderTheConditionAbsent)
{
    given(item("A", {{"expires_at", long_ago_s}, {"old", true}, {"gsi1pk", pk("old")}, {"gsi1sk", "x"}}));
    EXPECT_EQ(outcome(put(item("A", {{"new", true}}), {Absent{}})), "ok");
    EXPECT_EQ(get(key()), item("A", {{"new", true}}));
    EXPECT_EQ(sort_keys({.table = Table::books, .index = Index::gsi1, .partition = pk("old")}), Keys{});
    EXPECT_EQ(outcome(put(item(), {Absent{}})), "condition_failed");
}

TEST_P(ItemStoreContract, UpdatingAnExpiredItemCreatesANewOne)
{
    given(item("A", {{"expires_at", long_ago_s}, {"n", 5}, {"old", true}}));
    const auto result = update({.table = Table::books, .key = key(), .add = {{"n", 1}}});
    ASSERT_EQ(outcome(result), "ok");
    EXPECT_EQ(*result, item("A", {{"n", 1}}));
    EXPECT_EQ(get(key()), item("A", {{"n", 1}}));
}

TEST_P(ItemStoreContract, AnExpiredItemCanBeDeleted)
{
    given(item("A", {{"expires_at", long_ago_s}}));
    EXPECT_EQ(outcome(remove(key())), "ok");
    EXPECT_EQ(outcome(remove(key())), "ok");
}

TEST_P(ItemStoreContract, AnItemExpiresAtTheSecondInExpiresAt)
{
    ESTANTE_NEEDS_CLOCK(clock);
    const auto now_s = clock->now_ms() / 1000;
    given(item("A", {{"expires_at", now_s + 60}}));
    clock->set((now_s + 60) * 1000 - 1);
    EXPECT_TRUE(has(key()));
    clock->advance(1);
    EXPECT_FALSE(has(key()));
    EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk()}), Keys{});
}

} // namespace estante
