#include "contract/item_store_contract.hpp"

namespace estante {

TEST_P(ItemStoreContract, ATransactionWritesAllOfItsActions)
{
    given(item("old", {{"n", 1}}));
    given(item("doomed"));
    given(item("witness", {{"version", 4}}));
    const auto done = transact({Put{.table = Table::books, .item = item("new")},
                                Update{.table = Table::books, .key = key("old"), .add = {{"n", 2}}},
                                Delete{.table = Table::books, .key = key("doomed")},
                                Check{.table = Table::books, .key = key("witness"), .conditions = {VersionIs{4}}},
                                Put{.table = Table::users, .item = item("new")}});
    EXPECT_EQ(outcome(done), "ok");
    EXPECT_TRUE(has(key("new")));
    EXPECT_EQ(get(key("old")), item("old", {{"n", 3}}));
    EXPECT_FALSE(has(key("doomed")));
    EXPECT_EQ(get(key("witness")), item("witness", {{"version", 4}}));
    EXPECT_TRUE(has(key("new"), Table::users));
    EXPECT_FALSE(has(key("new"), Table::purchases));
}

TEST_P(ItemStoreContract, ATransactionWithOneFailedConditionWritesNothing)
{
    given(item("stock", {{"on_hand", 1}}));
    const auto failed = transact({Put{.table = Table::purchases, .item = item("purchase")},
                                  Update{.table = Table::books,
                                         .key = key("stock"),
                                         .add = {{"on_hand", -2}},
                                         .conditions = {AtLeast{"on_hand", 2}}},
                                  Delete{.table = Table::books, .key = key("absent")}});
    EXPECT_EQ(outcome(failed), "condition_failed");
    EXPECT_FALSE(has(key("purchase"), Table::purchases));
    EXPECT_EQ(get(key("stock")), item("stock", {{"on_hand", 1}}));
}

TEST_P(ItemStoreContract, EveryFailedActionIsReportedWithItsCurrentItem)
{
    given(item("here", {{"n", 1}}));
    const auto failed = transact({Put{.table = Table::books, .item = item("fine"), .conditions = {Absent{}}},
                                  Put{.table = Table::books, .item = item("here"), .conditions = {Absent{}}},
                                  Check{.table = Table::books, .key = key("gone"), .conditions = {Present{}}},
                                  Delete{.table = Table::books, .key = key("other")}});
    ASSERT_EQ(outcome(failed), "condition_failed");
    const auto& actions = failed.error().failed;
    ASSERT_EQ(actions.size(), 2U);
    EXPECT_EQ(actions[0].index, 1U);
    EXPECT_EQ(actions[0].current, item("here", {{"n", 1}}));
    EXPECT_EQ(actions[1].index, 2U);
    EXPECT_EQ(actions[1].current, std::nullopt);
}

TEST_P(ItemStoreContract, ATransactionHasOneToAHundredActions)
{
    EXPECT_EQ(outcome(transact({})), "invalid");
    std::vector<Action> actions;
    for (int i = 0; i < 100; ++i)
        actions.emplace_back(Put{.table = Table::books, .item = item(std::to_string(i))});
    EXPECT_EQ(outcome(transact(actions)), "ok");
    EXPECT_TRUE(has(key("99")));
    actions.emplace_back(Put{.table = Table::books, .item = item("100")});
    EXPECT_EQ(outcome(transact(actions)), "invalid");
    EXPECT_FALSE(has(key("100")));
}

TEST_P(ItemStoreContract, OneFailedConditionAmongAHundredWritesNothing)
{
    given(item("57", {{"n", 1}}));
    std::vector<Action> actions;
    for (int i = 0; i < 100; ++i)
        actions.emplace_back(Put{.table = Table::books, .item = item(std::to_string(i)), .conditions = {Absent{}}});
    const auto failed = transact(actions);
    ASSERT_EQ(outcome(failed), "condition_failed");
    ASSERT_EQ(failed.error().failed.size(), 1U);
    EXPECT_EQ(failed.error().failed[0].index, 57U);
    EXPECT_EQ(failed.error().failed[0].current, item("57", {{"n", 1}}));
    EXPECT_EQ(sort_keys({.table = Table::books, .partition = pk()}), std::vector<std::string>{"57"});
}

TEST_P(ItemStoreContract, TwoActionsOnOneItemInATransactionAreInvalid)
{
    EXPECT_EQ(
        outcome(transact({Put{.table = Table::books, .item = item()}, Delete{.table = Table::books, .key = key()}})),
        "invalid");
    EXPECT_EQ(outcome(transact({Check{.table = Table::books, .key = key(), .conditions = {Absent{}}},
                                Put{.table = Table::books, .item = item()}})),
              "invalid");
    EXPECT_FALSE(has(key()));
    EXPECT_EQ(
        outcome(transact({Put{.table = Table::books, .item = item()}, Put{.table = Table::users, .item = item()}})),
        "ok");
}

TEST_P(ItemStoreContract, ATransactionHasAtMostFourMegabytes)
{
    const auto large = [this](int i) {
        return Put{.table = Table::books, .item = item(std::to_string(i), {{"text", std::string(390 * 1024, 'x')}})};
    };
    std::vector<Action> actions;
    for (int i = 0; i < 11; ++i)
        actions.emplace_back(large(i));
    EXPECT_EQ(outcome(transact(actions)), "too_large");
    EXPECT_FALSE(has(key("0")));
    actions.pop_back();
    EXPECT_EQ(outcome(transact(actions)), "ok");
    EXPECT_TRUE(has(key("9")));
}

TEST_P(ItemStoreContract, ARepeatedTokenHasNoSecondEffect)
{
    const std::string token = "token-" + prefix;
    const std::vector<Action> actions{Update{.table = Table::books, .key = key(), .add = {{"n", 1}}}};
    EXPECT_EQ(outcome(transact(actions, token)), "ok");
    EXPECT_EQ(outcome(transact(actions, token)), "ok");
    EXPECT_EQ(get(key()), item("A", {{"n", 1}}));
    EXPECT_EQ(outcome(transact(actions)), "ok");
    EXPECT_EQ(get(key()), item("A", {{"n", 2}}));
}

TEST_P(ItemStoreContract, ARepeatedTokenSucceedsEvenIfTheConditionsNoLongerHold)
{
    const std::string token = "token-" + prefix;
    const std::vector<Action> actions{Put{.table = Table::books, .item = item(), .conditions = {Absent{}}}};
    EXPECT_EQ(outcome(transact(actions, token)), "ok");
    EXPECT_EQ(outcome(transact(actions, token)), "ok");
    EXPECT_EQ(outcome(transact(actions)), "condition_failed");
}

TEST_P(ItemStoreContract, ATokenWithOtherActionsIsAMismatch)
{
    const std::string token = "token-" + prefix;
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item("A", {{"n", 1}})}}, token)), "ok");
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item("A", {{"n", 2}})}}, token)), "token_mismatch");
    EXPECT_EQ(outcome(transact({Put{.table = Table::users, .item = item("A", {{"n", 1}})}}, token)), "token_mismatch");
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item("A", {{"n", 1}}), .conditions = {Present{}}}},
                               token)),
              "token_mismatch");
    EXPECT_EQ(get(key()), item("A", {{"n", 1}}));
}

TEST_P(ItemStoreContract, ATokenOfAFailedTransactionCanBeReused)
{
    const std::string token = "token-" + prefix;
    const std::vector<Action> actions{Put{.table = Table::books, .item = item(), .conditions = {Present{}}}};
    EXPECT_EQ(outcome(transact(actions, token)), "condition_failed");
    given(item("A", {{"n", 1}}));
    EXPECT_EQ(outcome(transact(actions, token)), "ok");
    EXPECT_EQ(get(key()), item());
}

TEST_P(ItemStoreContract, ATokenHasAtMostThirtySixBytes)
{
    const std::string token = prefix + std::string(36 - prefix.size(), 'x');
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item()}}, token)), "ok");
    EXPECT_EQ(outcome(transact({Put{.table = Table::books, .item = item()}}, token + "x")), "invalid");
}

TEST_P(ItemStoreContract, ATokenExpiresAfterTenMinutes)
{
    ESTANTE_NEEDS_CLOCK(clock);
    const std::vector<Action> actions{Update{.table = Table::books, .key = key(), .add = {{"n", 1}}}};
    EXPECT_EQ(outcome(transact(actions, prefix)), "ok");
    clock->advance(10 * 60 * 1000 - 1);
    EXPECT_EQ(outcome(transact(actions, prefix)), "ok");
    EXPECT_EQ(get(key()), item("A", {{"n", 1}}));
    clock->advance(1);
    EXPECT_EQ(outcome(transact(actions, prefix)), "ok");
    EXPECT_EQ(get(key()), item("A", {{"n", 2}}));
}

} // namespace estante
