#include "operations/users/delete_user.hpp"
#include "operations/users/update_profile.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class DeleteUser : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        empty_shop = everything();
        ana = given_user("acme", "ana@example.com");
    }

    Result<Nothing> remove(const users::SignedIn& user)
    {
        auto items = items_of("acme");
        return run(users::delete_user(caller_of(user), {}, items, clock));
    }
    Result<std::size_t> resume()
    {
        auto items = items_of("acme");
        return run(users::resume_deletions(items));
    }
    void given_item(Table table, const UserId& user, const char* sort_key)
    {
        auto items = items_of("acme");
        run(items.put({.table = table, .item = {{"pk", user.value}, {"sk", sort_key}}})).value();
    }

    std::vector<Item> empty_shop;
    users::SignedIn ana;
};

TEST_F(DeleteUser, DeletesTheAccountItsSessionsAndItsCart)
{
    login_at("acme", "ana@example.com").value();
    given_item(Table::purchases, ana.user.user_id, "CART");

    EXPECT_TRUE(remove(ana));
    EXPECT_EQ(everything(), empty_shop);
    EXPECT_FALSE(state_of(ana));
    EXPECT_EQ(code_of(login_at("acme", "ana@example.com")), Errc::unauthenticated);
}

TEST_F(DeleteUser, KeepsPurchasesAndOtherUsers)
{
    const auto eva = given_user("acme", "eva@example.com");
    given_item(Table::purchases, eva.user.user_id, "CART");
    given_item(Table::purchases, ana.user.user_id, "PURCHASE#purchase_1");

    EXPECT_TRUE(remove(ana));
    EXPECT_EQ(items_with("PURCHASE#"), 1U);
    EXPECT_EQ(items_with("CART"), 1U);
    EXPECT_TRUE(state_of(eva));
}

TEST_F(DeleteUser, FreesTheEmail)
{
    remove(ana).value();
    const auto again = register_at("acme", "ana@example.com").value();
    EXPECT_NE(again.user.user_id, ana.user.user_id);
}

TEST_F(DeleteUser, IsFinishedLaterAfterAnInterruption)
{
    given_item(Table::purchases, ana.user.user_id, "CART");
    store.fail_after(1);
    EXPECT_TRUE(remove(ana)); // the account is deleted, whatever remains
    EXPECT_FALSE(state_of(ana));
    EXPECT_EQ(items_with("SESSION#"), 1U);
    EXPECT_EQ(items_with("CART"), 1U);

    EXPECT_EQ(code_of(resume()), Errc::unavailable);
    store.fail_after(1); // interrupted again, before the last write
    EXPECT_EQ(code_of(resume()), Errc::unavailable);
    store.fail_after(std::nullopt);
    EXPECT_EQ(resume(), 1U);
    EXPECT_EQ(everything(), empty_shop);
    EXPECT_EQ(resume(), 0U);
}

TEST_F(DeleteUser, FinishesAnEarlierInterruptedDeletion)
{
    const auto eva = given_user("acme", "eva@example.com");
    store.fail_after(1);
    remove(eva).value();
    store.fail_after(std::nullopt);

    EXPECT_TRUE(remove(ana));
    EXPECT_EQ(everything(), empty_shop);
}

TEST_F(DeleteUser, ChangesNothingDuringAnOutage)
{
    const auto before = everything();
    store.fail_after(0);

    EXPECT_EQ(code_of(remove(ana)), Errc::unavailable);
    EXPECT_EQ(everything(), before);
}

TEST_F(DeleteUser, IsUnauthenticatedTheSecondTime)
{
    remove(ana).value();
    EXPECT_EQ(code_of(remove(ana)), Errc::unauthenticated);
}

TEST_F(DeleteUser, DeletesNothingIfTheEmailChangesAtTheSameTime)
{
    store.before_next_write([&] {
        auto items = items_of("acme");
        run(users::update_profile(caller_of(ana), {.email = Email{"ana@new.example"}}, items, clock)).value();
    });

    EXPECT_EQ(code_of(remove(ana)), Errc::conflict);
    EXPECT_TRUE(login_at("acme", "ana@new.example"));
    EXPECT_TRUE(remove(ana));
    EXPECT_EQ(everything(), empty_shop);
}

TEST_F(DeleteUser, InvalidatesASessionThatStartsAtTheSameTime)
{
    store.before_next_write([&] { remove(ana).value(); });
    const auto late = login_at("acme", "ana@example.com").value();

    EXPECT_FALSE(state_of(late));
}

} // namespace
} // namespace estante
