#include "operations/tenants/resume_tenant.hpp"
#include "operations/tenants/suspend_tenant.hpp"
#include "operations/users/login_user.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class LoginUser : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
        ana = given_user("acme", "ana@example.com");
    }

    users::SignedIn ana;
};

TEST_F(LoginUser, StartsANewSessionAndKeepsTheOthers)
{
    const auto in = login_at("acme", "ana@example.com").value();

    EXPECT_EQ(in.user, ana.user);
    EXPECT_NE(caller_of(in).session, caller_of(ana).session);
    EXPECT_TRUE(state_of(in));
    EXPECT_TRUE(state_of(ana));
}

TEST_F(LoginUser, GivesOneErrorAfterTheSameWorkForAWrongPasswordAndAnUnknownEmail)
{
    const auto before = everything();

    const auto reads_at_first = store.reads();
    const auto wrong = login_at("acme", "ana@example.com", "wrong");
    const auto reads_of_wrong = store.reads() - reads_at_first;
    const auto unknown = login_at("acme", "nobody@example.com", "wrong");
    const auto reads_of_unknown = store.reads() - reads_at_first - reads_of_wrong;

    EXPECT_EQ(code_of(wrong), Errc::unauthenticated);
    EXPECT_EQ(code_of(unknown), Errc::unauthenticated);
    EXPECT_EQ(wrong.error().detail, unknown.error().detail);
    EXPECT_EQ(wrong.error().title, unknown.error().title);
    EXPECT_EQ(hasher.verified, 2);
    EXPECT_EQ(reads_of_wrong, reads_of_unknown);
    EXPECT_EQ(everything(), before);
}

TEST_F(LoginUser, DoesNotSeeTheAccountsOfAnotherShop)
{
    EXPECT_EQ(code_of(login_at("northwind", "ana@example.com")), Errc::unauthenticated);
}

TEST_F(LoginUser, IsNotFoundInAShopThatDoesNotExist)
{
    EXPECT_EQ(code_of(login_at("nowhere", "ana@example.com")), Errc::not_found);
}

TEST_F(LoginUser, IsForbiddenWhileTheShopIsSuspended)
{
    run(tenants::suspend_tenant(operator_caller(), {.tenant_id = {"acme"}}, all, clock)).value();
    const auto before = everything();

    EXPECT_EQ(code_of(login_at("acme", "ana@example.com")), Errc::forbidden);
    EXPECT_EQ(code_of(login_at("acme", "ana@example.com", "wrong")), Errc::forbidden);
    EXPECT_EQ(everything(), before);

    run(tenants::resume_tenant(operator_caller(), {.tenant_id = {"acme"}}, all, clock)).value();
    EXPECT_TRUE(login_at("acme", "ana@example.com"));
}

TEST_F(LoginUser, EndsTheOldestSessionsBeyondTheLimit)
{
    std::vector<users::SignedIn> sessions{ana};
    for (std::size_t i = 0; i <= Session::max_per_user; ++i) {
        clock.advance(1);
        sessions.push_back(login_at("acme", "ana@example.com").value());
    }

    EXPECT_EQ(items_with("SESSION#"), Session::max_per_user);
    EXPECT_FALSE(state_of(sessions[0]));
    EXPECT_FALSE(state_of(sessions[1]));
    for (std::size_t i = 2; i < sessions.size(); ++i)
        EXPECT_TRUE(state_of(sessions[i])) << i;
}

TEST_F(LoginUser, SucceedsEvenIfTheOldestSessionCannotBeDeleted)
{
    for (std::size_t i = 1; i < Session::max_per_user; ++i)
        login_at("acme", "ana@example.com").value();
    store.fail_after(1); // the session itself
    EXPECT_TRUE(login_at("acme", "ana@example.com"));
    EXPECT_EQ(items_with("SESSION#"), Session::max_per_user + 1);

    store.fail_after(std::nullopt);
    EXPECT_TRUE(login_at("acme", "ana@example.com"));
    EXPECT_EQ(items_with("SESSION#"), Session::max_per_user);
}

TEST_F(LoginUser, ExpiresThirtyDaysAfterTheLastRefresh)
{
    const auto in = login_at("acme", "ana@example.com").value();

    clock.advance(30 * day_ms - 1);
    EXPECT_TRUE(state_of(in));
    clock.advance(1);
    EXPECT_FALSE(state_of(in));
}

} // namespace
} // namespace estante
