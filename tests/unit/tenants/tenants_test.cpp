#include "operations/shop/get_shop.hpp"
#include "operations/tenants/create_operator.hpp"
#include "operations/tenants/create_tenant.hpp"
#include "operations/tenants/get_tenant.hpp"
#include "operations/tenants/list_tenants.hpp"
#include "operations/tenants/resume_tenant.hpp"
#include "operations/tenants/suspend_tenant.hpp"
#include "operations/tenants/update_tenant.hpp"
#include "operations/users/accept_invitation.hpp"
#include "operations/users/set_role.hpp"
#include "records/tenants.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class TenantsTest : public PlatformTest {
protected:
    Result<tenants::CreatedTenant> create(const tenants::CreateTenant& request,
                                          IdempotencyGuard<tenants::CreatedTenant> idempotency = {})
    {
        return run(tenants::create_tenant(operator_caller(), request, all, random, clock, idempotency));
    }
    static tenants::CreateTenant acme()
    {
        return {.tenant_id = {"acme"}, .name = {"Acme"}, .manager_email = {"boss@acme.example"}};
    }
    Result<tenants::TenantView> get(const std::string& tenant)
    {
        return run(tenants::get_tenant(operator_caller(), {.tenant_id = {tenant}}, all));
    }
    Result<tenants::TenantView> update(const tenants::UpdateTenant& request)
    {
        return run(tenants::update_tenant(operator_caller(), request, all, clock));
    }
    Result<tenants::TenantView> suspend(const std::string& tenant)
    {
        return run(tenants::suspend_tenant(operator_caller(), {.tenant_id = {tenant}}, all, clock));
    }
    Result<tenants::TenantView> resume(const std::string& tenant)
    {
        return run(tenants::resume_tenant(operator_caller(), {.tenant_id = {tenant}}, all, clock));
    }
    Result<shop::Shop> get_shop(const std::string& tenant)
    {
        auto items = items_of(tenant);
        return run(shop::get_shop(anyone(tenant), {}, items));
    }
};

using CreateTenant = TenantsTest;

TEST_F(CreateTenant, CreatesAShopWithTheDefaultSettings)
{
    const auto created = create(acme()).value();

    EXPECT_EQ(created.location(), "/v1/tenants/acme");
    EXPECT_EQ(created.etag(), "1");
    EXPECT_EQ(get("acme").value(), created.tenant);
    const auto shop = get_shop("acme").value();
    EXPECT_EQ(shop.name.value, "Acme");
    EXPECT_EQ(shop.language.value, "es");
    EXPECT_EQ(shop.currency.value, "EUR");
    EXPECT_EQ(shop.vat_rate.hundredths, 400);
    EXPECT_TRUE(shop.delivery.collect.value);
    EXPECT_TRUE(shop.delivery.ship.value);
}

TEST_F(CreateTenant, AcceptsOtherSettings)
{
    auto request = acme();
    request.language = LanguageCode{"en"};
    request.currency = Currency{"MXN"};
    request.vat_rate = {VatRate{5'50}};
    request.delivery = {.collect = {false}};
    create(request).value();

    const auto shop = get_shop("acme").value();
    EXPECT_EQ(shop.language.value, "en");
    EXPECT_EQ(shop.currency.value, "MXN");
    EXPECT_EQ(shop.vat_rate.hundredths, 550);
    EXPECT_FALSE(shop.delivery.collect.value);
}

TEST_F(CreateTenant, StoresOnlyTheHashOfTheInvitation)
{
    const auto created = create(acme()).value();

    ASSERT_TRUE(created.invitation);
    EXPECT_EQ(items_with("INVITE"), 1U);
    for (const Item& item : everything()) {
        for (const auto& [name, value] : item) {
            if (value.if_string())
                EXPECT_FALSE(value.if_string()->contains(created.invitation->value)) << name;
        }
    }
}

TEST_F(CreateTenant, RefusesAnIdInUseAndChangesNothing)
{
    create(acme()).value();
    const auto before = everything();

    EXPECT_EQ(code_of(create(acme())), Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

TEST_F(CreateTenant, RefusesThePlatformsIdAndNamesTheField)
{
    auto request = acme();
    request.tenant_id = {std::string(operator_tenant)};
    const auto refused = create(request);

    ASSERT_EQ(code_of(refused), Errc::invalid);
    EXPECT_EQ(refused.error().faults.at(0).pointer, "/tenant_id");
    EXPECT_TRUE(everything().empty());
}

TEST_F(CreateTenant, RefusesAShopWithoutDelivery)
{
    auto request = acme();
    request.delivery = {.collect = {false}, .ship = {false}};
    const auto refused = create(request);

    ASSERT_EQ(code_of(refused), Errc::invalid);
    EXPECT_EQ(refused.error().faults.at(0).pointer, "/delivery");
    EXPECT_TRUE(everything().empty());
}

TEST_F(CreateTenant, RecordsItsResponseWithoutTheInvitation)
{
    std::optional<tenants::CreatedTenant> recorded;
    const IdempotencyGuard<tenants::CreatedTenant> idempotency([&](const tenants::CreatedTenant& result) {
        recorded = result;
        return Item{{"pk", "operator#IDEMPOTENCY#key"}, {"sk", "IDEMPOTENCY"}};
    });
    const auto created = create(acme(), idempotency).value();

    EXPECT_TRUE(created.invitation);
    ASSERT_TRUE(recorded);
    EXPECT_FALSE(recorded->invitation);
    EXPECT_EQ(recorded->tenant, created.tenant);
    EXPECT_EQ(items_with("IDEMPOTENCY"), 1U);

    const auto before = everything();
    auto request = acme();
    request.tenant_id = {"northwind"};
    EXPECT_EQ(code_of(create(request, idempotency)), Errc::conflict);
    EXPECT_EQ(everything(), before);
}

TEST_F(CreateTenant, LetsExactlyOneOfTwoRequestsWithOneIdWin)
{
    store.before_next_write([&] { create(acme()).value(); });

    EXPECT_EQ(code_of(create(acme())), Errc::already_exists);
    EXPECT_EQ(items_with("INVITE"), 1U);
}

TEST_F(TenantsTest, AreListedByIdPageByPageWithoutThePlatform)
{
    run(tenants::create_operator({.email = {"op@example.com"}, .password = {"a good password"}}, all, hasher, ids,
                                 clock))
        .value();
    for (const char* id : {"acme", "a-shop-with-a-name-of-forty-characters-0", "zeta"})
        given_shop(id);

    const auto first = run(tenants::list_tenants(operator_caller(), {.limit = {2}}, all)).value();
    ASSERT_EQ(first.items.size(), 2U);
    EXPECT_EQ(first.items[0].tenant_id.value, "a-shop-with-a-name-of-forty-characters-0");
    EXPECT_EQ(first.items[1].tenant_id.value, "acme");

    const auto second =
        run(tenants::list_tenants(operator_caller(), {.cursor = first.next_cursor.value, .limit = {2}}, all)).value();
    ASSERT_EQ(second.items.size(), 1U);
    EXPECT_EQ(second.items[0].tenant_id.value, "zeta");
    EXPECT_FALSE(second.next_cursor.value);
}

TEST_F(TenantsTest, CanHaveTheLongestId)
{
    given_shop("a-shop-with-a-name-of-forty-characters-0");
    EXPECT_TRUE(get_shop("a-shop-with-a-name-of-forty-characters-0"));
}

TEST_F(TenantsTest, AreNotFoundIfTheyDoNotExist)
{
    given_shop("acme");
    run(tenants::create_operator({.email = {"op@example.com"}, .password = {"a good password"}}, all, hasher, ids,
                                 clock))
        .value();
    const auto before = everything();

    for (const std::string id : {"nowhere", "operator"}) {
        EXPECT_EQ(code_of(get(id)), Errc::not_found) << id;
        EXPECT_EQ(code_of(update({.tenant_id = {id}, .name = ShopName{"X"}})), Errc::not_found) << id;
        EXPECT_EQ(code_of(suspend(id)), Errc::not_found) << id;
        EXPECT_EQ(code_of(resume(id)), Errc::not_found) << id;
        EXPECT_EQ(code_of(get_shop(id)), Errc::not_found) << id;
        EXPECT_EQ(code_of(run(tenants::invite_manager(
                      operator_caller(), {.tenant_id = {id}, .manager_email = {"x@example.com"}}, all, random, clock))),
                  Errc::not_found)
            << id;
    }
    EXPECT_EQ(everything(), before);
}

using UpdateTenant = TenantsTest;

TEST_F(UpdateTenant, ChangesTheGivenSettingsAndKeepsTheOthers)
{
    given_shop("acme");
    clock.advance(1000);
    const auto updated =
        update({.tenant_id = {"acme"}, .name = ShopName{"Acme Libros"}, .vat_rate = VatRate{21'00}}).value();

    EXPECT_EQ(updated.name.value, "Acme Libros");
    EXPECT_EQ(updated.vat_rate.hundredths, 2100);
    EXPECT_EQ(updated.currency.value, "EUR");
    EXPECT_EQ(updated.version, 2);
    EXPECT_EQ(updated.updated_at.ms, clock.now_ms());
    EXPECT_LT(updated.created_at.ms, clock.now_ms());
    EXPECT_EQ(get("acme").value(), updated);
    EXPECT_EQ(run(tenants::list_tenants(operator_caller(), {}, all))->items, std::vector{updated});
}

TEST_F(UpdateTenant, KeepsTheVersionIfNothingChanges)
{
    given_shop("acme");
    const auto before = everything();

    EXPECT_EQ(update({.tenant_id = {"acme"}})->version, 1);
    EXPECT_EQ(update({.tenant_id = {"acme"}, .currency = Currency{"EUR"}})->version, 1);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateTenant, RefusesAnotherVersionOrNoDeliveryAndChangesNothing)
{
    given_shop("acme");
    const auto before = everything();

    EXPECT_EQ(code_of(update({.tenant_id = {"acme"}, .if_match = IfMatch{"7"}, .name = ShopName{"X"}})),
              Errc::version_mismatch);
    EXPECT_EQ(
        code_of(update({.tenant_id = {"acme"}, .delivery = DeliveryOptions{.collect = {false}, .ship = {false}}})),
        Errc::invalid);
    EXPECT_EQ(everything(), before);
}

TEST_F(UpdateTenant, ReportsAConcurrentChange)
{
    given_shop("acme");
    store.before_next_write([&] { update({.tenant_id = {"acme"}, .name = ShopName{"faster"}}).value(); });
    EXPECT_EQ(code_of(update({.tenant_id = {"acme"}, .name = ShopName{"slower"}})), Errc::conflict);

    store.before_next_write([&] { suspend("acme").value(); });
    EXPECT_EQ(code_of(update({.tenant_id = {"acme"}, .if_match = IfMatch{"2"}, .name = ShopName{"slower"}})),
              Errc::version_mismatch);
    EXPECT_EQ(get("acme")->name.value, "faster");
}

TEST_F(UpdateTenant, KeepsTheCountOfAManagerPromotedAtTheSameTime)
{
    given_shop("acme");
    const auto ana = given_user("acme", "ana@example.com");
    auto items = items_of("acme");
    store.before_next_write([&] {
        run(users::set_role(anyone("acme"), {.user_id = ana.user.user_id, .role = ShopRole::manager}, items, clock))
            .value();
    });

    EXPECT_TRUE(update({.tenant_id = {"acme"}, .name = ShopName{"Acme Libros"}}));
    EXPECT_EQ(run(find_tenant(items)).value()->managers, 1);
}

using SuspendTenant = TenantsTest;

TEST_F(SuspendTenant, AffectsOnlyThatShopsSessionsAndCanBeUndone)
{
    given_shop("acme");
    given_shop("northwind");
    const auto ana = given_user("acme", "ana@example.com");
    const auto eva = given_user("northwind", "eva@example.com");

    EXPECT_EQ(suspend("acme")->status, TenantStatus::suspended);
    EXPECT_EQ(state_of(ana)->tenant, TenantStatus::suspended);
    EXPECT_EQ(state_of(eva)->tenant, TenantStatus::active);
    EXPECT_EQ(code_of(get_shop("acme")), Errc::forbidden);
    EXPECT_TRUE(get_shop("northwind"));
    EXPECT_TRUE(get("acme")); // operators still see it

    EXPECT_EQ(resume("acme")->status, TenantStatus::active);
    EXPECT_EQ(state_of(ana)->tenant, TenantStatus::active);
    EXPECT_TRUE(get_shop("acme"));
}

TEST_F(SuspendTenant, CanBeRepeated)
{
    given_shop("acme");
    const auto suspended = suspend("acme").value();
    EXPECT_EQ(suspended.version, 2);
    EXPECT_EQ(suspend("acme").value(), suspended);
    EXPECT_EQ(resume("acme")->version, 3);
    EXPECT_EQ(resume("acme")->version, 3);
}

TEST_F(SuspendTenant, RefusesInvitations)
{
    given_shop("acme");
    suspend("acme").value();
    const auto before = everything();

    EXPECT_EQ(code_of(run(tenants::invite_manager(
                  operator_caller(), {.tenant_id = {"acme"}, .manager_email = {"x@example.com"}}, all, random, clock))),
              Errc::forbidden);
    EXPECT_EQ(everything(), before);
}

using InviteManager = TenantsTest;

TEST_F(InviteManager, AddsAnotherManager)
{
    given_shop("acme");
    const auto sent =
        run(tenants::invite_manager(operator_caller(), {.tenant_id = {"acme"}, .manager_email = {"eva@example.com"}},
                                    all, random, clock))
            .value();
    EXPECT_EQ(sent.expires_at.ms, clock.now_ms() + 7 * day_ms);

    auto items = items_of("acme");
    const auto in =
        run(users::accept_invitation(anyone("acme"), {.invitation = sent.invitation, .password = {"a good password"}},
                                     items, hasher, signer, ids, random, clock));
    EXPECT_EQ(in->user.email.value, "eva@example.com");
    EXPECT_EQ(in->user.role, Role::manager);
}

using CreateOperator = TenantsTest;

TEST_F(CreateOperator, CanLogInToThePlatformAndToNoShop)
{
    given_shop("acme");
    const auto first = run(tenants::create_operator({.email = {"op@example.com"}, .password = {"a good password"}}, all,
                                                    hasher, ids, clock))
                           .value();
    const auto second = run(tenants::create_operator({.email = {"op2@example.com"}, .password = {"a good password"}},
                                                     all, hasher, ids, clock));

    EXPECT_EQ(first.role, Role::operator_);
    EXPECT_TRUE(second);
    const auto in = login_at(std::string(operator_tenant), "op@example.com").value();
    EXPECT_EQ(state_of(in)->role, Role::operator_);
    EXPECT_EQ(code_of(login_at("acme", "op@example.com")), Errc::unauthenticated);

    const auto before = everything();
    EXPECT_EQ(code_of(run(tenants::create_operator({.email = {"op@example.com"}, .password = {"another password"}}, all,
                                                   hasher, ids, clock))),
              Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

} // namespace
} // namespace estante
