#include "operations/tenants/suspend_tenant.hpp"
#include "operations/users/change_password.hpp"
#include "operations/users/delete_user.hpp"
#include "operations/users/logout_user.hpp"
#include "operations/users/refresh_session.hpp"
#include "operations/users/set_role.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class RefreshSession : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
        ana = given_user("acme", "ana@example.com");
    }

    Result<users::SignedIn> refresh(const std::string& token, const std::string& tenant = "acme")
    {
        auto items = items_of(tenant);
        return run(users::refresh_session(anyone(tenant), {.refresh_token = {token}}, items, signer, random, clock));
    }
    Result<Nothing> logout(const std::string& token, const std::string& tenant = "acme")
    {
        auto items = items_of(tenant);
        return run(users::logout_user(anyone(tenant), {.refresh_token = {token}}, items));
    }
    // Another secret for the same session.
    static std::string forged(const users::SignedIn& in)
    {
        auto token = RefreshToken::parse(in.refresh_token.value).value();
        token.secret = std::string(43, 'A');
        return to_string(token);
    }

    users::SignedIn ana;
};

TEST_F(RefreshSession, ReturnsANewPairOfTheSameSession)
{
    clock.advance(day_ms);
    const auto next = refresh(ana.refresh_token.value).value();

    EXPECT_NE(next.refresh_token, ana.refresh_token);
    EXPECT_EQ(caller_of(next).session, caller_of(ana).session);
    EXPECT_EQ(next.user, ana.user);
    EXPECT_EQ(signer.last.session, caller_of(ana).session);
    EXPECT_TRUE(refresh(next.refresh_token.value));
}

TEST_F(RefreshSession, ExtendsTheSessionByThirtyDaysEachTime)
{
    auto in = ana;
    for (int i = 0; i < 3; ++i) {
        clock.advance(29 * day_ms);
        in = refresh(in.refresh_token.value).value();
    }
    clock.advance(30 * day_ms);
    const auto before = everything();
    const auto expired = refresh(in.refresh_token.value);
    EXPECT_EQ(code_of(expired), Errc::unauthenticated);
    EXPECT_EQ(expired.error().title, "Token inválido");
    EXPECT_EQ(everything(), before);
}

TEST_F(RefreshSession, CarriesTheUsersCurrentRole)
{
    auto items = items_of("acme");
    run(users::set_role(anyone("acme"), {.user_id = ana.user.user_id, .role = ShopRole::manager}, items, clock))
        .value();

    EXPECT_EQ(refresh(ana.refresh_token.value)->user.role, Role::manager);
    EXPECT_EQ(signer.last.role, Role::manager);
}

TEST_F(RefreshSession, EndsTheSessionIfATokenIsReused)
{
    const auto second = refresh(ana.refresh_token.value).value();
    const auto third = refresh(second.refresh_token.value).value();
    const auto elsewhere = login_at("acme", "ana@example.com").value();

    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh(third.refresh_token.value)), Errc::unauthenticated);
    EXPECT_FALSE(state_of(third));
    EXPECT_TRUE(state_of(elsewhere)); // another session is not affected
}

TEST_F(RefreshSession, EndsTheSessionIfTheSecretIsForged)
{
    EXPECT_EQ(code_of(refresh(forged(ana))), Errc::unauthenticated);
    EXPECT_FALSE(state_of(ana));
}

TEST_F(RefreshSession, EndsTheSessionIfTwoRequestsUseOneToken)
{
    std::optional<Result<users::SignedIn>> faster;
    store.before_next_write([&] { faster = refresh(ana.refresh_token.value); });

    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unauthenticated);
    ASSERT_TRUE(faster->has_value());
    EXPECT_EQ(code_of(refresh((*faster)->refresh_token.value)), Errc::unauthenticated);
    EXPECT_EQ(items_with("SESSION#"), 0U);
}

TEST_F(RefreshSession, DoesNotRestoreASessionThatEndsAtTheSameTime)
{
    store.before_next_write([&] { logout(ana.refresh_token.value).value(); });

    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unauthenticated);
    EXPECT_EQ(items_with("SESSION#"), 0U);
}

TEST_F(RefreshSession, RefusesForeignAndMalformedTokensAndChangesNothing)
{
    const auto token = ana.refresh_token.value;
    auto of_another_session = RefreshToken::parse(token).value();
    of_another_session.session = ids.make<SessionId>();
    auto of_another_user = RefreshToken::parse(token).value();
    of_another_user.user = ids.make<UserId>();
    const auto before = everything();

    for (const auto& text : {std::string("x"), token + "x", token.substr(0, token.size() - 1), "." + token, token + ".",
                             to_string(of_another_session), to_string(of_another_user), "northwind" + token.substr(4)})
        EXPECT_EQ(code_of(refresh(text)), Errc::unauthenticated) << text;
    EXPECT_EQ(code_of(refresh(token, "northwind")), Errc::unauthenticated);
    EXPECT_EQ(code_of(refresh("northwind" + token.substr(4), "northwind")), Errc::unauthenticated);
    EXPECT_EQ(everything(), before);
    EXPECT_TRUE(refresh(token));
}

TEST_F(RefreshSession, IsForbiddenInASuspendedShopAndKeepsTheTokenValid)
{
    run(tenants::suspend_tenant(operator_caller(), {.tenant_id = {"acme"}}, all, clock)).value();
    const auto before = everything();

    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::forbidden);
    EXPECT_EQ(code_of(refresh(forged(ana))), Errc::forbidden);
    EXPECT_EQ(everything(), before);
}

TEST_F(RefreshSession, KeepsTheTokenValidDuringAnOutage)
{
    store.fail_after(0);
    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unavailable);
    store.fail_after(std::nullopt);
    EXPECT_TRUE(refresh(ana.refresh_token.value));
}

TEST_F(RefreshSession, RefusesADeletedUser)
{
    auto items = items_of("acme");
    store.fail_after(1); // the user is deleted, the session not yet
    run(users::delete_user(caller_of(ana), {}, items, clock)).value();
    store.fail_after(std::nullopt);
    ASSERT_EQ(items_with("SESSION#"), 1U);

    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unauthenticated);
    EXPECT_EQ(items_with("SESSION#"), 0U);
}

TEST_F(RefreshSession, NamesTheTenantOfItsToken)
{
    EXPECT_EQ((users::RefreshSession{.refresh_token = ana.refresh_token}.named_tenant()), TenantId{"acme"});
    EXPECT_EQ((users::LogoutUser{.refresh_token = ana.refresh_token}.named_tenant()), TenantId{"acme"});
    EXPECT_FALSE((users::RefreshSession{.refresh_token = {"acme"}}.named_tenant()));
}

using LogoutUser = RefreshSession;

TEST_F(LogoutUser, EndsOnlyThatSession)
{
    const auto elsewhere = login_at("acme", "ana@example.com").value();

    EXPECT_TRUE(logout(ana.refresh_token.value));
    EXPECT_FALSE(state_of(ana));
    EXPECT_EQ(code_of(refresh(ana.refresh_token.value)), Errc::unauthenticated);
    EXPECT_TRUE(state_of(elsewhere));
}

TEST_F(LogoutUser, CanBeRepeated)
{
    EXPECT_TRUE(logout(ana.refresh_token.value));
    EXPECT_TRUE(logout(ana.refresh_token.value));
}

TEST_F(LogoutUser, RefusesForeignAndMalformedTokensAndChangesNothing)
{
    const auto before = everything();

    EXPECT_EQ(code_of(logout("x")), Errc::unauthenticated);
    EXPECT_EQ(code_of(logout(ana.refresh_token.value, "northwind")), Errc::unauthenticated);
    EXPECT_EQ(code_of(logout("northwind" + ana.refresh_token.value.substr(4))), Errc::unauthenticated);
    EXPECT_EQ(everything(), before);
}

} // namespace
} // namespace estante
