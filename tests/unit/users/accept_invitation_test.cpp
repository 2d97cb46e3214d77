#include "operations/tenants/suspend_tenant.hpp"
#include "operations/users/accept_invitation.hpp"
#include "records/tenants.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class AcceptInvitation : public PlatformTest {
protected:
    void SetUp() override
    {
        invitation = given_shop("acme").invitation->value;
        given_shop("northwind");
    }

    Result<users::Registered> accept(const std::string& text, const std::string& password = "a good password",
                                     const std::string& tenant = "acme")
    {
        auto items = items_of(tenant);
        return run(users::accept_invitation(anyone(tenant), {.invitation = {text}, .password = {password}}, items,
                                            hasher, signer, ids, random, clock));
    }
    std::int64_t managers()
    {
        auto items = items_of("acme");
        return run(find_tenant(items)).value()->managers;
    }

    std::string invitation;
};

TEST_F(AcceptInvitation, CreatesAManagerAndSignsThemIn)
{
    const auto in = accept(invitation).value();

    EXPECT_EQ(in.user.email.value, "manager@acme.example");
    EXPECT_EQ(in.user.role, Role::manager);
    EXPECT_EQ(state_of(in)->role, Role::manager);
    EXPECT_EQ(managers(), 1);
    EXPECT_TRUE(login_at("acme", "manager@acme.example"));
}

TEST_F(AcceptInvitation, WorksOnce)
{
    accept(invitation).value();
    const auto before = everything();

    EXPECT_EQ(code_of(accept(invitation)), Errc::not_found);
    EXPECT_EQ(everything(), before);
}

TEST_F(AcceptInvitation, LetsExactlyOneOfTwoConcurrentRequestsWin)
{
    std::optional<Result<users::Registered>> faster;
    store.before_next_write([&] { faster = accept(invitation, "the faster one"); });

    EXPECT_EQ(code_of(accept(invitation, "the slower one")), Errc::not_found);
    EXPECT_TRUE(faster->has_value());
    EXPECT_EQ(managers(), 1);
    EXPECT_FALSE(login_at("acme", "manager@acme.example", "the slower one"));
}

TEST_F(AcceptInvitation, ExpiresAfterSevenDays)
{
    clock.advance(7 * day_ms);
    const auto before = everything();

    EXPECT_EQ(code_of(accept(invitation)), Errc::not_found);
    EXPECT_EQ(everything(), before);
}

TEST_F(AcceptInvitation, StillWorksJustBeforeItExpires)
{
    clock.advance(7 * day_ms - 1);
    EXPECT_TRUE(accept(invitation));
}

TEST_F(AcceptInvitation, GivesTheSameErrorForAnotherShopAndForNone)
{
    const auto before = everything();
    const auto foreign = accept(invitation, "a good password", "northwind");
    const auto unknown = accept(std::string(43, 'A'));
    const auto nowhere = accept(invitation, "a good password", "nowhere");

    for (const auto& refused : {foreign, unknown, nowhere}) {
        EXPECT_EQ(code_of(refused), Errc::not_found);
        EXPECT_EQ(refused.error().detail, foreign.error().detail);
    }
    EXPECT_EQ(everything(), before);
}

TEST_F(AcceptInvitation, IsForbiddenInASuspendedShop)
{
    run(tenants::suspend_tenant(operator_caller(), {.tenant_id = {"acme"}}, all, clock)).value();
    const auto before = everything();

    EXPECT_EQ(code_of(accept(invitation)), Errc::forbidden);
    EXPECT_EQ(everything(), before);
}

TEST_F(AcceptInvitation, PromotesTheAccountThatHasTheEmail)
{
    const auto customer = register_at("acme", "manager@acme.example", "the password").value();
    const auto in = accept(invitation, "the password").value();

    EXPECT_EQ(in.user.user_id, customer.user.user_id);
    EXPECT_EQ(state_of(customer)->role, Role::manager);
    EXPECT_EQ(managers(), 1);
    EXPECT_EQ(items_with("INVITE"), 1U); // northwind's
}

TEST_F(AcceptInvitation, DoesNotPromoteSomebodyElseWhoRegisteredTheEmail)
{
    const auto squatter = register_at("acme", "manager@acme.example", "the squatter's").value();
    const auto before = everything();

    EXPECT_EQ(code_of(accept(invitation, "the manager's")), Errc::already_exists);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(state_of(squatter)->role, Role::customer);
}

TEST_F(AcceptInvitation, PromotesNobodyIfTheEmailIsRegisteredAtTheSameTime)
{
    store.before_next_write([&] { register_at("acme", "manager@acme.example", "the squatter's").value(); });

    EXPECT_EQ(code_of(accept(invitation, "the manager's")), Errc::conflict);
    EXPECT_EQ(managers(), 0);
    EXPECT_EQ(items_with("INVITE"), 2U);
}

TEST_F(AcceptInvitation, OnlySignsInSomebodyWhoAlreadyIsAManager)
{
    const auto first = accept(invitation).value();
    auto again = run(tenants::invite_manager(
        operator_caller(), {.tenant_id = {"acme"}, .manager_email = first.user.email}, all, random, clock));

    EXPECT_EQ(accept(again->invitation.value)->user, first.user);
    EXPECT_EQ(managers(), 1);
    EXPECT_EQ(items_with("INVITE"), 1U); // northwind's
}

} // namespace
} // namespace estante
