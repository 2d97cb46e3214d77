#include "operations/users/create_user.hpp"
#include "operations/users/delete_user.hpp"
#include "operations/users/set_role.hpp"
#include "operations/users/update_profile.hpp"
#include "records/tenants.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class SetRole : public PlatformTest {
protected:
    void SetUp() override
    {
        given_shop("acme");
        given_shop("northwind");
        ana = given_user("acme", "ana@example.com");
        eva = given_user("acme", "eva@example.com");
    }

    Result<users::Profile> set_role(const users::SignedIn& of, ShopRole role, const std::string& tenant = "acme")
    {
        auto items = items_of(tenant);
        return run(users::set_role(anyone(tenant), {.user_id = of.user.user_id, .role = role}, items, clock));
    }
    Result<Nothing> remove(const users::SignedIn& user)
    {
        auto items = items_of("acme");
        return run(users::delete_user(caller_of(user), {}, items, clock));
    }
    std::int64_t managers()
    {
        auto items = items_of("acme");
        return run(find_tenant(items)).value()->managers;
    }

    users::SignedIn ana;
    users::SignedIn eva;
};

TEST_F(SetRole, AppliesFromTheNextRequest)
{
    EXPECT_EQ(set_role(ana, ShopRole::manager)->role, Role::manager);
    EXPECT_EQ(state_of(ana)->role, Role::manager);
    EXPECT_EQ(managers(), 1);

    set_role(eva, ShopRole::manager).value();
    EXPECT_EQ(set_role(ana, ShopRole::customer)->role, Role::customer);
    EXPECT_EQ(state_of(ana)->role, Role::customer);
    EXPECT_EQ(managers(), 1);
}

TEST_F(SetRole, ChangesNothingForTheSameRole)
{
    set_role(ana, ShopRole::manager).value();
    const auto before = everything();

    EXPECT_EQ(set_role(ana, ShopRole::manager)->version, 2);
    EXPECT_EQ(set_role(eva, ShopRole::customer)->version, 1);
    EXPECT_EQ(everything(), before);
}

TEST_F(SetRole, NeverRemovesTheLastManager)
{
    set_role(ana, ShopRole::manager).value();
    const auto before = everything();

    EXPECT_EQ(code_of(set_role(ana, ShopRole::customer)), Errc::conflict);
    EXPECT_EQ(code_of(remove(ana)), Errc::conflict);
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(state_of(ana)->role, Role::manager);
}

TEST_F(SetRole, KeepsOneOfTwoManagersWhoAreDemotedAtTheSameTime)
{
    set_role(ana, ShopRole::manager).value();
    set_role(eva, ShopRole::manager).value();

    store.before_next_write([&] { set_role(eva, ShopRole::customer).value(); });
    EXPECT_EQ(code_of(set_role(ana, ShopRole::customer)), Errc::conflict);
    EXPECT_EQ(managers(), 1);
    EXPECT_EQ(state_of(ana)->role, Role::manager);
}

TEST_F(SetRole, KeepsOneOfTwoManagersWhoDeleteThemselvesAtTheSameTime)
{
    set_role(ana, ShopRole::manager).value();
    set_role(eva, ShopRole::manager).value();

    store.before_next_write([&] { remove(eva).value(); });
    EXPECT_EQ(code_of(remove(ana)), Errc::conflict);
    EXPECT_EQ(managers(), 1);
    EXPECT_EQ(state_of(ana)->role, Role::manager);
    EXPECT_FALSE(state_of(eva));
}

TEST_F(SetRole, CountsAManagerWhoIsPromotedDuringTheirDeletion)
{
    set_role(eva, ShopRole::manager).value();

    store.before_next_write([&] { set_role(ana, ShopRole::manager).value(); });
    EXPECT_EQ(code_of(remove(ana)), Errc::conflict);
    EXPECT_EQ(managers(), 2);
    EXPECT_TRUE(remove(ana));
    EXPECT_EQ(managers(), 1);
}

TEST_F(SetRole, CountsTwoConcurrentPromotionsOnce)
{
    store.before_next_write([&] { set_role(ana, ShopRole::manager).value(); });

    EXPECT_EQ(code_of(set_role(ana, ShopRole::manager)), Errc::conflict);
    EXPECT_EQ(managers(), 1);
}

TEST_F(SetRole, DoesNotUndoAConcurrentProfileChange)
{
    store.before_next_write([&] {
        auto items = items_of("acme");
        run(users::update_profile(caller_of(ana), {.email = Email{"ana@new.example"}}, items, clock)).value();
    });

    EXPECT_EQ(code_of(set_role(ana, ShopRole::manager)), Errc::conflict);
    EXPECT_EQ(items_with("USER#"), 2U);
    EXPECT_EQ(managers(), 0);
    EXPECT_EQ(set_role(ana, ShopRole::manager)->email.value, "ana@new.example");
}

TEST_F(SetRole, DoesNotReachAUserOfAnotherShop)
{
    const auto before = everything();

    EXPECT_EQ(code_of(set_role(ana, ShopRole::manager, "northwind")), Errc::not_found);
    EXPECT_EQ(everything(), before);
}

TEST_F(SetRole, CountsAManagerCreatedAtTheCommandLine)
{
    auto items = items_of("acme");
    const auto made = run(
        users::create_user({.email = {"boss@acme.example"}, .password = {"a good password"}, .role = ShopRole::manager},
                           items, hasher, ids, clock));

    EXPECT_EQ(made->role, Role::manager);
    EXPECT_EQ(managers(), 1);
    EXPECT_EQ(login_at("acme", "boss@acme.example")->user, *made);

    const auto before = everything();
    EXPECT_EQ(code_of(run(users::create_user({.email = {"boss@acme.example"}, .password = {"a good password"}}, items,
                                             hasher, ids, clock))),
              Errc::already_exists);
    auto nowhere = items_of("nowhere");
    EXPECT_EQ(code_of(run(users::create_user({.email = {"boss@acme.example"}, .password = {"a good password"}}, nowhere,
                                             hasher, ids, clock))),
              Errc::not_found);
    EXPECT_EQ(everything(), before);
}

} // namespace
} // namespace estante
