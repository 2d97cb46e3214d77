#include "ports/rules/item_rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace estante {

namespace {

Action put(Item item, Conditions conditions = {})
{
    return Put{.table = Table::books, .item = std::move(item), .conditions = std::move(conditions)};
}

} // namespace

TEST(CanonicalText, IsTheSameForTheSameActions)
{
    const std::vector<Action> actions{put({{"pk", "a"}, {"n", 1}}, {AtLeast{"n", 2}})};
    EXPECT_EQ(canonical_text(actions), canonical_text(std::vector<Action>(actions)));
}

TEST(CanonicalText, DiffersForDifferentActions)
{
    const Key key{"a", "b"};
    const std::vector<std::vector<Action>> different{
        {},
        {put({{"pk", "a"}})},
        {put({{"pk", "b"}})},
        {put({{"p", "ka"}})},
        {put({{"pk", 1}})},
        {put({{"pk", "1"}})},
        {put({{"pk", true}})},
        {put({{"pk", nullptr}})},
        {put({{"pk", "null"}})},
        {put({{"pk", List{1, 2}}})},
        {put({{"pk", List{List{1}, 2}}})},
        {put({{"pk", List{12}}})},
        {put({{"pk", Map{{"1", 2}}}})},
        {put({{"pk", "a"}}), put({{"pk", "b"}})},
        {put({{"pk", "b"}}), put({{"pk", "a"}})},
        {Put{.table = Table::users, .item = {{"pk", "a"}}}},
        {put({{"pk", "a"}}, {Absent{}})},
        {put({{"pk", "a"}}, {Present{}})},
        {put({{"pk", "a"}}, {VersionIs{1}})},
        {put({{"pk", "a"}}, {VersionIs{2}})},
        {put({{"pk", "a"}}, {AtLeast{"x", 1}})},
        {put({{"pk", "a"}}, {Equals{"x", 1}})},
        {put({{"pk", "a"}}, {Equals{"x", "1"}})},
        {put({{"pk", "a"}}, {Lacks{"x"}})},
        {Delete{.table = Table::books, .key = key}},
        {Delete{.table = Table::books, .key = {"ab", ""}}},
        {Check{.table = Table::books, .key = key}},
        {Update{.table = Table::books, .key = key}},
        {Update{.table = Table::books, .key = key, .set = {{"x", 1}}}},
        {Update{.table = Table::books, .key = key, .add = {{"x", 1}}}},
        {Update{.table = Table::books, .key = key, .remove = {"x"}}},
    };
    std::set<std::string> texts;
    for (const auto& actions : different)
        texts.insert(canonical_text(actions));
    EXPECT_EQ(texts.size(), different.size());
}

TEST(TransactionOutcome, ReportsFailedConditionsBeforeOtherErrors)
{
    TransactionOutcome judgement;
    judgement.failed(store_error(StoreError::Code::invalid, "first").error());
    judgement.failed(store_error(StoreError::Code::too_large, "second").error());
    EXPECT_EQ(judgement.verdict().error().detail, "first");
    judgement.add_failed_action(3, nullptr);
    ASSERT_EQ(judgement.verdict().error().code, StoreError::Code::condition_failed);
    EXPECT_EQ(judgement.verdict().error().failed.at(0).index, 3U);
}

TEST(TransactionOutcome, LimitsTheTotalSizeOfWrites)
{
    TransactionOutcome judgement;
    const Item large{{"pk", "a"}, {"text", std::string(400'000, 'x')}};
    for (int i = 0; i < 10; ++i)
        judgement.writes(large);
    EXPECT_TRUE(judgement.verdict());
    judgement.writes(large);
    EXPECT_EQ(judgement.verdict().error().code, StoreError::Code::too_large);
}

TEST(Expiry, IsSetOnlyByAWholeNumber)
{
    EXPECT_EQ(expiry_of({{"expires_at", 5}}), 5);
    EXPECT_EQ(expiry_of({{"expires_at", "5"}}), std::nullopt);
    EXPECT_EQ(expiry_of({{"expires_at", *Number::parse("5.5")}}), std::nullopt);
    EXPECT_EQ(expiry_of({}), std::nullopt);
    EXPECT_FALSE(is_expired({{"expires_at", 5}}, 4'999));
    EXPECT_TRUE(is_expired({{"expires_at", 5}}, 5'000));
}

} // namespace estante
