#include "contract/item_store_contract.hpp"

namespace estante {

namespace {

// The expected result of a condition for an absent item, and for one with version 7, n 3, name "x" and no `gone`.
struct Case {
    const char* what;
    Condition condition;
    bool on_absent;
    bool on_present;
};

const std::vector<Case>& cases()
{
    static const std::vector<Case> all{
        {"Absent", Absent{}, true, false},
        {"Present", Present{}, false, true},
        {"VersionIs the version", VersionIs{7}, false, true},
        {"VersionIs another", VersionIs{6}, false, false},
        {"AtLeast less", AtLeast{"n", 2}, false, true},
        {"AtLeast the same", AtLeast{"n", 3}, false, true},
        {"AtLeast more", AtLeast{"n", 4}, false, false},
        {"AtLeast a fraction more", AtLeast{"n", *Number::parse("3.000000000000000000000000000000000001")}, false,
         false},
        {"AtLeast below zero", AtLeast{"n", -5}, false, true},
        {"AtLeast on a text", AtLeast{"name", 0}, false, false},
        {"AtLeast on a missing attribute", AtLeast{"gone", 0}, false, false},
        {"Equals the text", Equals{"name", "x"}, false, true},
        {"Equals another text", Equals{"name", "X"}, false, false},
        {"Equals the number", Equals{"n", 3}, false, true},
        {"Equals the number spelled otherwise", Equals{"n", *Number::parse("3.0")}, false, true},
        {"Equals the number as text", Equals{"n", "3"}, false, false},
        {"Equals true", Equals{"yes", true}, false, true},
        {"Equals false", Equals{"yes", false}, false, false},
        {"Equals null", Equals{"nothing", nullptr}, false, true},
        {"Equals null on a missing attribute", Equals{"gone", nullptr}, false, false},
        {"Equals the list", Equals{"list", List{1, "a"}}, false, true},
        {"Equals the list in another order", Equals{"list", List{"a", 1}}, false, false},
        {"Equals the map", Equals{"map", Map{{"b", 1}}}, false, true},
        {"Equals another map", Equals{"map", Map{{"b", 2}}}, false, false},
        {"Equals the version", Equals{"version", 7}, false, true},
        {"Lacks a missing attribute", Lacks{"gone"}, false, true},
        {"Lacks one that is there", Lacks{"name"}, false, false},
        {"Lacks one that is null", Lacks{"nothing"}, false, false},
    };
    return all;
}

const Item attributes{
    {"version", 7},        {"n", 3}, {"name", "x"}, {"yes", true}, {"nothing", nullptr}, {"list", List{1, "a"}},
    {"map", Map{{"b", 1}}}};

std::string expected(bool holds)
{
    return holds ? "ok" : "condition_failed";
}

} // namespace

TEST_P(ItemStoreContract, OnlyAbsentHoldsForAnAbsentItem)
{
    for (const Case& c : cases())
        EXPECT_EQ(outcome(transact({Check{.table = Table::books, .key = key(), .conditions = {c.condition}}})),
                  expected(c.on_absent))
            << c.what;
}

TEST_P(ItemStoreContract, EachConditionIsEvaluatedOnTheCurrentItem)
{
    given(item("A", attributes));
    for (const Case& c : cases())
        EXPECT_EQ(outcome(transact({Check{.table = Table::books, .key = key(), .conditions = {c.condition}}})),
                  expected(c.on_present))
            << c.what;
}

TEST_P(ItemStoreContract, EveryConditionOfAnActionMustHold)
{
    given(item("A", attributes));
    EXPECT_EQ(outcome(put(item(), {Present{}, VersionIs{7}, AtLeast{"n", 4}})), "condition_failed");
    EXPECT_EQ(get(key()), item("A", attributes));
    EXPECT_EQ(outcome(put(item(), {Present{}, VersionIs{7}, AtLeast{"n", 3}})), "ok");
    EXPECT_EQ(get(key()), item());
}

TEST_P(ItemStoreContract, PutUpdateAndDeleteCheckTheirConditions)
{
    given(item("A", {{"version", 1}}));
    EXPECT_EQ(outcome(put(item("A", {{"version", 5}}), {VersionIs{2}})), "condition_failed");
    EXPECT_EQ(outcome(update({.table = Table::books, .key = key(), .set = {{"x", 1}}, .conditions = {VersionIs{2}}})),
              "condition_failed");
    EXPECT_EQ(outcome(remove(key(), {VersionIs{2}})), "condition_failed");
    EXPECT_EQ(get(key()), item("A", {{"version", 1}}));

    EXPECT_EQ(outcome(put(item("A", {{"version", 2}}), {VersionIs{1}})), "ok");
    EXPECT_EQ(
        outcome(update({.table = Table::books, .key = key(), .set = {{"version", 3}}, .conditions = {VersionIs{2}}})),
        "ok");
    EXPECT_EQ(outcome(remove(key(), {VersionIs{3}})), "ok");
    EXPECT_FALSE(has(key()));
}

TEST_P(ItemStoreContract, AFailedConditionReturnsTheCurrentItem)
{
    given(item("A", attributes));
    const auto failed = put(item(), {Absent{}});
    ASSERT_EQ(outcome(failed), "condition_failed");
    ASSERT_EQ(failed.error().failed.size(), 1U);
    EXPECT_EQ(failed.error().failed[0].index, 0U);
    EXPECT_EQ(failed.error().failed[0].current, item("A", attributes));

    const auto on_nothing = remove(key("B"), {Present{}});
    ASSERT_EQ(outcome(on_nothing), "condition_failed");
    ASSERT_EQ(on_nothing.error().failed.size(), 1U);
    EXPECT_EQ(on_nothing.error().failed[0].current, std::nullopt);
}

TEST_P(ItemStoreContract, VersionIsFailsIfTheVersionIsNotAWholeNumber)
{
    given(item("text", {{"version", "7"}}));
    given(item("fraction", {{"version", *Number::parse("7.5")}}));
    given(item("huge", {{"version", *Number::parse("70000000000000000000")}}));
    for (const char* sk : {"text", "fraction", "huge"})
        EXPECT_EQ(outcome(remove(key(sk), {VersionIs{7}})), "condition_failed") << sk;
}

} // namespace estante
