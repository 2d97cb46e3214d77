#include "operations/tenants/create_operator.hpp"
#include "operations/tenants/suspend_tenant.hpp"
#include "operations/users/register_user.hpp"
#include "records/users.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class RegisterUser : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
    }
};

TEST_F(RegisterUser, CreatesACustomerAndSignsThemIn)
{
    const auto in = register_at("acme", "ana@example.com").value();

    EXPECT_EQ(in.user.email.value, "ana@example.com");
    EXPECT_EQ(in.user.role, Role::customer);
    EXPECT_EQ(in.user.created_at.ms, clock.now_ms());
    EXPECT_EQ(in.user.etag(), "1");
    EXPECT_EQ(in.location(), "/v1/users/me");
    EXPECT_EQ(signer.last.user, in.user.user_id);
    EXPECT_EQ(signer.last.tenant.value, "acme");
    EXPECT_EQ(state_of(in), (users::SessionState{.role = Role::customer, .tenant = TenantStatus::active}));
    EXPECT_TRUE(login_at("acme", "ana@example.com"));
}

TEST_F(RegisterUser, StoresNeitherThePasswordNorTheRefreshToken)
{
    const auto in = register_at("acme", "ana@example.com", "correct horse").value();
    const auto secret = RefreshToken::parse(in.refresh_token.value)->secret;

    const auto contains = [](const Item& item, std::string_view text) {
        return std::ranges::any_of(item, [&](const auto& attribute) {
            const auto* value = attribute.second.if_string();
            return value && value->contains(text);
        });
    };
    bool hash_found = false;
    for (const Item& item : everything()) {
        EXPECT_FALSE(contains(item, secret));
        if (contains(item, "correct horse"))
            hash_found = text_of(item, "password_hash") == "plain:correct horse";
    }
    EXPECT_TRUE(hash_found); // the hasher of these tests leaves it readable
}

TEST_F(RegisterUser, RefusesAnEmailInUseAndChangesNothing)
{
    given_user("acme", "ana@example.com");
    const auto before = everything();

    EXPECT_EQ(code_of(register_at("acme", "ana@example.com", "another password")), Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

TEST_F(RegisterUser, LetsExactlyOneOfTwoRequestsWithOneEmailWin)
{
    std::optional<Result<users::Registered>> faster;
    store.before_next_write([&] { faster = register_at("acme", "ana@example.com", "the faster one"); });

    EXPECT_EQ(code_of(register_at("acme", "ana@example.com", "the slower one")), Errc::already_exists);
    EXPECT_TRUE(faster->has_value());
    EXPECT_TRUE(login_at("acme", "ana@example.com", "the faster one"));
    EXPECT_FALSE(login_at("acme", "ana@example.com", "the slower one"));
    EXPECT_EQ(items_with("USER#"), 1U);
}

TEST_F(RegisterUser, AcceptsAnEmailThatHasAnAccountInAnotherShop)
{
    const auto here = given_user("acme", "ana@example.com");
    const auto there = register_at("northwind", "ana@example.com", "another password");

    ASSERT_TRUE(there);
    EXPECT_NE(there->user.user_id, here.user.user_id);
    EXPECT_FALSE(login_at("acme", "ana@example.com", "another password"));
}

TEST_F(RegisterUser, GivesTheSameErrorForAMissingShopAndForThePlatform)
{
    run(tenants::create_operator({.email = {"op@example.com"}, .password = {"a good password"}}, all, hasher, ids,
                                 clock))
        .value();
    const auto before = everything();
    const auto nowhere = register_at("nowhere", "ana@example.com");
    const auto platform = register_at(std::string(operator_tenant), "ana@example.com");

    EXPECT_EQ(code_of(nowhere), Errc::not_found);
    EXPECT_EQ(code_of(platform), Errc::not_found);
    EXPECT_EQ(nowhere.error().detail, platform.error().detail);
    EXPECT_EQ(everything(), before);
}

TEST_F(RegisterUser, IsForbiddenInASuspendedShop)
{
    run(tenants::suspend_tenant(operator_caller(), {.tenant_id = {"acme"}}, all, clock)).value();
    const auto before = everything();

    EXPECT_EQ(code_of(register_at("acme", "ana@example.com")), Errc::forbidden);
    EXPECT_EQ(everything(), before);
}

TEST_F(RegisterUser, IsUnavailableAndChangesNothingDuringAnOutage)
{
    const auto before = everything();
    store.fail_after(0);

    const auto refused = register_at("acme", "ana@example.com");
    EXPECT_EQ(code_of(refused), Errc::unavailable);
    EXPECT_EQ(refused.error().retry_after_s, 1);
    EXPECT_EQ(everything(), before);
}

TEST_F(RegisterUser, DistinguishesHashAndPercentInAnEmail)
{
    EXPECT_TRUE(register_at("acme", "a#b@example.com"));
    EXPECT_TRUE(register_at("acme", "a%23b@example.com"));
    EXPECT_TRUE(login_at("acme", "a#b@example.com"));
    EXPECT_EQ(email_claim_key(Email{"a#b@example.com"}).pk, "EMAIL#a%23b@example.com");
}

} // namespace
} // namespace estante
