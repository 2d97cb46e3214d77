#include "operations/users/accept_invitation.hpp"
#include "records/carts.hpp"
#include "support/platform_test.hpp"

namespace estante {
namespace {

class GuestCart : public PlatformTest {
protected:
    void SetUp() override
    {
        invitation = given_shop("acme").invitation.value();
        Cart cart;
        cart.version = 1;
        cart.updated_ms = clock.now_ms();
        cart.lines.push_back({.book_id = ids.make<BookId>(), .title = "Niebla", .quantity = 2});
        auto items = items_of("acme");
        run(items.put(cart_put(cart, guest))).value();
    }

    std::optional<Cart> cart_of(const CartOwner& owner)
    {
        auto items = items_of("acme");
        const auto item = run(items.get(Table::purchases, cart_key(owner))).value();
        return item ? std::optional(cart_from(*item)) : std::nullopt;
    }
    void expect_merged_into(const UserId& user)
    {
        EXPECT_FALSE(cart_of(guest));
        ASSERT_TRUE(cart_of(user));
        EXPECT_EQ(cart_of(user)->lines.at(0).title, "Niebla");
    }

    tenants::InvitationText invitation;
    GuestId guest = ids.make<GuestId>();
};

TEST_F(GuestCart, IsMergedByARegistration)
{
    expect_merged_into(register_at("acme", "ana@example.com", "a good password", guest)->user.user_id);
}

TEST_F(GuestCart, IsMergedByALogin)
{
    const auto ana = given_user("acme", "ana@example.com");
    EXPECT_TRUE(cart_of(guest)); // a caller without a guest token has no cart to merge
    login_at("acme", "ana@example.com", "a good password", guest).value();
    expect_merged_into(ana.user.user_id);
}

TEST_F(GuestCart, IsMergedByAnAcceptedInvitation)
{
    auto caller = anyone("acme");
    caller.guest = guest;
    auto items = items_of("acme");
    const auto in = run(users::accept_invitation(caller, {.invitation = invitation, .password = {"a good password"}},
                                                 items, hasher, signer, ids, random, clock));
    expect_merged_into(in->user.user_id);
}

TEST_F(GuestCart, IsKeptIfTheLoginFails)
{
    given_user("acme", "ana@example.com");
    const auto before = everything();

    EXPECT_EQ(code_of(login_at("acme", "ana@example.com", "wrong", guest)), Errc::unauthenticated);
    EXPECT_EQ(code_of(register_at("acme", "ana@example.com", "a good password", guest)), Errc::already_exists);
    EXPECT_EQ(everything(), before);
}

TEST_F(GuestCart, DoesNotFailTheLoginIfItCannotBeMerged)
{
    given_user("acme", "ana@example.com");
    store.fail_after(1); // the session itself

    EXPECT_TRUE(login_at("acme", "ana@example.com", "a good password", guest));
    EXPECT_TRUE(cart_of(guest));
}

} // namespace
} // namespace estante
