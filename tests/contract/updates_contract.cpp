#include "contract/item_store_contract.hpp"

namespace estante {

TEST_P(ItemStoreContract, AnUpdateChangesOnlyItsAttributes)
{
    given(item("A", {{"kept", "k"}, {"set", 1}, {"added", 5}, {"removed", true}}));
    const auto result = update({.table = Table::books,
                                .key = key(),
                                .set = {{"set", "two"}, {"new", List{1}}},
                                .add = {{"added", -7}, {"from_zero", 3}},
                                .remove = {"removed", "never_there"}});
    const Item expected = item("A", {{"kept", "k"}, {"set", "two"}, {"new", List{1}}, {"added", -2}, {"from_zero", 3}});
    ASSERT_EQ(outcome(result), "ok");
    EXPECT_EQ(*result, expected);
    EXPECT_EQ(get(key()), expected);
}

TEST_P(ItemStoreContract, AnUpdateCreatesAnAbsentItem)
{
    const auto result =
        update({.table = Table::books, .key = key(), .set = {{"a", 1}}, .add = {{"n", 2}}, .remove = {"x"}});
    ASSERT_EQ(outcome(result), "ok");
    EXPECT_EQ(*result, item("A", {{"a", 1}, {"n", 2}}));
    EXPECT_EQ(get(key()), *result);
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key("B")})), "ok");
    EXPECT_EQ(get(key("B")), item("B"));
}

TEST_P(ItemStoreContract, AConditionalUpdateDoesNotCreateAnItem)
{
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"a", 1}}, .conditions = {Present{}}})),
              "condition_failed");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"a", 1}}, .conditions = {Lacks{"a"}}})),
              "condition_failed");
    EXPECT_FALSE(has(key()));
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"a", 1}}, .conditions = {Absent{}}})),
              "ok");
    EXPECT_TRUE(has(key()));
}

TEST_P(ItemStoreContract, AddIsExact)
{
    given(
        item("A", {{"n", *Number::parse("0.1")}, {"wide", *Number::parse("12345678901234567890123456789012345677")}}));
    const auto result =
        update({.table = Table::books, .key = key(), .add = {{"n", *Number::parse("0.2")}, {"wide", 1}}});
    ASSERT_EQ(outcome(result), "ok");
    EXPECT_EQ(*result, item("A", {{"n", *Number::parse("0.3")},
                                  {"wide", *Number::parse("12345678901234567890123456789012345678")}}));
}

TEST_P(ItemStoreContract, ASumOfMoreThanThirtyEightDigitsIsInvalid)
{
    given(item("A", {{"n", *Number::parse("12345678901234567890123456789012345678")}}));
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .add = {{"n", *Number::parse("0.5")}}})), "invalid");
    EXPECT_EQ(get(key()), item("A", {{"n", *Number::parse("12345678901234567890123456789012345678")}}));
}

TEST_P(ItemStoreContract, AddToAValueThatIsNotANumberIsInvalid)
{
    given(item("A", {{"text", "1"}, {"nothing", nullptr}}));
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .add = {{"text", 1}}})), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .add = {{"nothing", 1}}})), "invalid");
    EXPECT_EQ(get(key()), item("A", {{"text", "1"}, {"nothing", nullptr}}));
}

TEST_P(ItemStoreContract, AddBeyondTheRangeOfNumbersIsInvalid)
{
    const Number largest = *Number::parse("9.9999999999999999999999999999999999999E125");
    given(item("A", {{"n", largest}}));
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .add = {{"n", largest}}})), "invalid");
    EXPECT_EQ(get(key()), item("A", {{"n", largest}}));
}

TEST_P(ItemStoreContract, AnInvalidUpdateFailsItsWholeTransaction)
{
    given(item("text", {{"n", "1"}}));
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item("other")},
                                Update{.table = Table::books, .key = key("text"), .add = {{"n", 1}}}})),
              "invalid");
    EXPECT_FALSE(has(key("other")));
}

TEST_P(ItemStoreContract, AnUpdateOfAKeyOrOfAnAttributeTwiceIsInvalid)
{
    given(item());
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"pk", "x"}}})), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .remove = {"sk"}})), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"a", 1}, {"a", 2}}})), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"a", 1}}, .add = {{"a", 2}}})), "invalid");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .add = {{"a", 1}}, .remove = {"a"}})), "invalid");
    EXPECT_EQ(get(key()), item());
}

} // namespace estante
