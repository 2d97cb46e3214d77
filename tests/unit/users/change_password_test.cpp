#include "operations/users/change_password.hpp"
#include "operations/users/logout_user.hpp"
#include "operations/users/refresh_session.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class ChangePassword : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        ana = register_at("acme", "ana@example.com", "the old password").value();
    }

    Result<Nothing> change(const std::string& current = "the old password",
                           const std::string& next = "the new password")
    {
        auto items = items_of("acme");
        return run(users::change_password(caller_of(ana), {.current_password = {current}, .new_password = {next}},
                                          items, hasher, clock));
    }
    Result<users::SignedIn> refresh(const users::SignedIn& in)
    {
        auto items = items_of("acme");
        return run(
            users::refresh_session(anyone("acme"), {.refresh_token = in.refresh_token}, items, signer, random, clock));
    }

    users::SignedIn ana;
};

TEST_F(ChangePassword, MakesOnlyTheNewPasswordValid)
{
    EXPECT_TRUE(change());
    EXPECT_TRUE(login_at("acme", "ana@example.com", "the new password"));
    EXPECT_EQ(code_of(login_at("acme", "ana@example.com", "the old password")), Errc::unauthenticated);
}

TEST_F(ChangePassword, EndsAllSessionsExceptTheCallers)
{
    const auto other = login_at("acme", "ana@example.com", "the old password").value();

    EXPECT_TRUE(change());
    EXPECT_TRUE(state_of(ana));
    EXPECT_TRUE(refresh(ana));
    EXPECT_FALSE(state_of(other));
    EXPECT_EQ(code_of(refresh(other)), Errc::unauthenticated);
    EXPECT_EQ(items_with("SESSION#"), 1U);
}

TEST_F(ChangePassword, EndsOtherSessionsEvenIfTheirItemsCannotBeDeleted)
{
    const auto other = login_at("acme", "ana@example.com", "the old password").value();

    store.fail_after(1); // the change itself
    EXPECT_TRUE(change());
    store.fail_after(std::nullopt);
    EXPECT_EQ(items_with("SESSION#"), 2U);
    EXPECT_FALSE(state_of(other));
    EXPECT_EQ(code_of(refresh(other)), Errc::unauthenticated);
}

TEST_F(ChangePassword, EndsASessionThatStartsWithTheOldPasswordAtTheSameTime)
{
    // After the login has verified the old password and before it writes its session, the password changes.
    store.before_next_write([&] { change().value(); });
    const auto other = login_at("acme", "ana@example.com", "the old password").value();

    EXPECT_FALSE(state_of(other));
    EXPECT_EQ(code_of(refresh(other)), Errc::unauthenticated);
    EXPECT_TRUE(state_of(ana));
}

TEST_F(ChangePassword, KeepsASessionThatStartedWithTheNewPassword)
{
    change().value();
    const auto other = login_at("acme", "ana@example.com", "the new password").value();

    EXPECT_TRUE(state_of(other));
}

TEST_F(ChangePassword, NamesTheFieldAndChangesNothingIfTheCurrentPasswordIsWrong)
{
    const auto before = everything();
    const auto refused = change("wrong");

    ASSERT_EQ(code_of(refused), Errc::invalid);
    ASSERT_EQ(refused.error().faults.size(), 1U);
    EXPECT_EQ(refused.error().faults[0].pointer, "/current_password");
    EXPECT_EQ(everything(), before);
}

TEST_F(ChangePassword, ChangesNothingIfAnotherChangeWasFirst)
{
    store.before_next_write([&] { change("the old password", "the faster one").value(); });

    EXPECT_EQ(code_of(change("the old password", "the slower one")), Errc::conflict);
    EXPECT_TRUE(login_at("acme", "ana@example.com", "the faster one"));
    EXPECT_FALSE(login_at("acme", "ana@example.com", "the slower one"));
}

TEST_F(ChangePassword, IsUnauthenticatedIfTheSessionEndsAtTheSameTime)
{
    store.before_next_write([&] {
        auto items = items_of("acme");
        run(users::logout_user(anyone("acme"), {.refresh_token = ana.refresh_token}, items)).value();
    });

    EXPECT_EQ(code_of(change()), Errc::unauthenticated);
    EXPECT_TRUE(login_at("acme", "ana@example.com", "the old password"));
}

} // namespace
} // namespace estante
