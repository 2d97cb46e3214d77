#include "operations/cart/add_to_cart.hpp"
#include "operations/cart/clear_cart.hpp"
#include "operations/cart/detail/merge_guest_cart.hpp"
#include "operations/cart/get_cart.hpp"
#include "operations/cart/remove_from_cart.hpp"
#include "operations/cart/set_quantity.hpp"
#include "support/bookshop_test.hpp"

namespace estante {
namespace {

class CartOperations : public BookshopTest {
protected:
    Result<cart::CartView> add(const Caller& caller, const BookId& id, std::int64_t quantity = 1,
                               IdempotencyGuard<cart::CartView> idempotency = {})
    {
        cart::AddToCart request{.book_id = id};
        request.quantity.value.value = quantity;
        auto for_tenant = items_of(caller.tenant.value);
        return run(cart::add_to_cart(caller, request, for_tenant, clock, idempotency));
    }
    Result<cart::CartView> set(const Caller& caller, const BookId& id, std::int64_t quantity)
    {
        cart::SetQuantity request{.book_id = id, .quantity = {}};
        request.quantity.value = quantity;
        return run(cart::set_quantity(caller, request, items, clock));
    }
    cart::CartView get(const Caller& caller)
    {
        auto for_tenant = items_of(caller.tenant.value);
        return run(cart::get_cart(caller, {}, for_tenant)).value();
    }
    Result<cart::CartView> remove(const Caller& caller, const BookId& id)
    {
        return run(cart::remove_from_cart(caller, {id}, items, clock));
    }
    Result<Nothing> clear(const Caller& caller) { return run(cart::clear_cart(caller, {}, items, clock)); }
    Result<void> merge(const Caller& guest, const Caller& user)
    {
        return run(cart::merge_guest_cart(items, guest.guest, user.user, clock));
    }

    Caller guest = caller_in("acme", Caller::Kind::guest);
};

TEST_F(CartOperations, AddABookAtItsCurrentPrice)
{
    const auto nada = given_book("Nada", Money{19'95});
    const auto added = add(customer, nada.book_id, 2).value();

    ASSERT_EQ(added.items.size(), 1U);
    const auto& line = added.items[0];
    EXPECT_EQ(line.book_id, nada.book_id);
    EXPECT_EQ(line.title, "Nada");
    EXPECT_EQ(line.quantity, 2);
    EXPECT_EQ(line.unit_price, Money{19'95});
    EXPECT_EQ(line.current_price, Money{19'95});
    EXPECT_TRUE(line.in_stock);
    EXPECT_EQ(line.subtotal, Money{39'90});
    EXPECT_EQ(added.total, Money{39'90});
    EXPECT_EQ(added.currency.value, "EUR");
    EXPECT_EQ(added, get(customer));
}

TEST_F(CartOperations, ShowAnEmptyCartAndWriteNothing)
{
    const auto before = everything();
    for (const Caller& caller : {customer, guest, caller_in("acme", Caller::Kind::anyone)}) {
        EXPECT_TRUE(get(caller).items.empty());
        EXPECT_EQ(get(caller).total, Money{});
    }
    EXPECT_EQ(everything(), before);
}

TEST_F(CartOperations, ShowTheCurrentPriceBesideTheOriginalOne)
{
    const auto id = given_book("Nada", Money{20'00}).book_id;
    add(customer, id).value();
    set_price(id, Money{25'00});
    const auto before = everything();

    const auto shown = get(customer);

    EXPECT_EQ(shown.items[0].unit_price, Money{20'00});
    EXPECT_EQ(shown.items[0].current_price, Money{25'00});
    EXPECT_EQ(shown.total, Money{20'00});
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(set(customer, id, 1).value().total, Money{25'00});
}

TEST_F(CartOperations, ChangeTheETagWithPriceAndStock)
{
    const auto id = given_book("Nada", Money{20'00}, 1).book_id;
    const auto added = add(customer, id).value().etag();
    EXPECT_EQ(get(customer).etag(), added);
    set_price(id, Money{25'00});
    const auto repriced = get(customer).etag();
    EXPECT_NE(repriced, added);
    set_on_hand(id, 0);
    EXPECT_NE(get(customer).etag(), repriced);
}

TEST_F(CartOperations, KeepALineOfADeletedOrUnpricedBook)
{
    const auto gone = given_book("Descatalogado").book_id;
    const auto unpriced = given_book("Próximamente", std::nullopt).book_id;
    add(customer, gone).value();
    add(customer, unpriced).value();
    delete_book(gone);

    const auto shown = get(customer);
    ASSERT_EQ(shown.items.size(), 2U);
    EXPECT_EQ(shown.items[0].title, "Descatalogado");
    EXPECT_FALSE(shown.items[0].current_price);
    EXPECT_FALSE(shown.items[0].in_stock);
    EXPECT_FALSE(shown.items[1].unit_price);
    EXPECT_EQ(code_of(set(customer, gone, 2)), Errc::not_found);
    EXPECT_TRUE(remove(customer, gone));
}

TEST_F(CartOperations, DoNotSeeABookOfAnotherShop)
{
    const auto theirs = create(new_book(entry("Ajeno")), "northwind").value().book_id;
    const auto before = everything();

    EXPECT_EQ(code_of(add(customer, theirs)), Errc::not_found);
    EXPECT_EQ(code_of(add(customer, BookId::from(Ulid{}))), Errc::not_found);
    EXPECT_EQ(everything(), before);
}

TEST_F(CartOperations, SeparateTheCartsOfUsersAndShops)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id).value();
    auto namesake = customer;
    namesake.tenant = {"northwind"};

    EXPECT_TRUE(get(caller_in("acme", Caller::Kind::customer)).items.empty());
    EXPECT_TRUE(get(namesake).items.empty());
    EXPECT_TRUE(get(guest).items.empty());
}

TEST_F(CartOperations, RefuseMoreThanNinetyNineCopiesAndChangeNothing)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id, 99).value();
    const auto before = everything();

    EXPECT_EQ(fault_of(add(customer, id, 1)), "/quantity");
    EXPECT_EQ(everything(), before);
}

TEST_F(CartOperations, RefuseTheNinetyFirstBookAndChangeNothing)
{
    for (std::size_t i = 0; i < Cart::max_lines; ++i)
        add(customer, given_book("Libro").book_id).value();
    const auto one_more = given_book("Uno más").book_id;
    const auto before = everything();

    EXPECT_EQ(fault_of(add(customer, one_more)), "/book_id");
    EXPECT_EQ(everything(), before);
}

TEST_F(CartOperations, NeedAUserOrAGuest)
{
    const auto id = given_book("Nada").book_id;
    EXPECT_EQ(code_of(add(caller_in("acme", Caller::Kind::anyone), id)), Errc::unauthenticated);
}

TEST_F(CartOperations, RemoveAndClear)
{
    const auto first = given_book("Nada").book_id;
    const auto second = given_book("Todo").book_id;
    add(customer, first).value();
    add(customer, second).value();

    EXPECT_EQ(remove(customer, first).value().items.size(), 1U);
    EXPECT_EQ(code_of(remove(customer, first)), Errc::not_found);
    EXPECT_EQ(code_of(set(customer, first, 2)), Errc::not_found);
    EXPECT_TRUE(clear(customer));
    EXPECT_TRUE(get(customer).items.empty());

    const auto before = everything();
    EXPECT_TRUE(clear(customer));
    EXPECT_EQ(everything(), before);
}

TEST_F(CartOperations, ExpireAGuestsCartThirtyDaysAfterItsLastChange)
{
    const auto id = given_book("Nada").book_id;
    add(guest, id).value();
    add(customer, id).value();
    clock.advance(29 * day_ms);
    add(guest, id).value();
    clock.advance(29 * day_ms);
    EXPECT_EQ(get(guest).items.at(0).quantity, 2);
    clock.advance(day_ms);

    EXPECT_TRUE(get(guest).items.empty());
    EXPECT_EQ(get(customer).items.size(), 1U);
    EXPECT_EQ(add(guest, id).value().items.at(0).quantity, 1); // a new cart
}

TEST_F(CartOperations, AddOnceUnderOneIdempotencyKey)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id, 2, idempotency<cart::CartView>("k")).value();
    EXPECT_EQ(code_of(add(customer, id, 2, idempotency<cart::CartView>("k"))), Errc::conflict);
    EXPECT_EQ(get(customer).items.at(0).quantity, 2);
}

TEST_F(CartOperations, KeepBothOfTwoConcurrentAdds)
{
    const auto first = given_book("Nada").book_id;
    const auto second = given_book("Todo").book_id;
    store.before_next_write([&] { add(customer, second).value(); });

    EXPECT_EQ(add(customer, first).value().items.size(), 2U);
    EXPECT_EQ(get(customer).items.size(), 2U);
}

TEST_F(CartOperations, StopRetryingIfTheCartKeepsChanging)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id).value();
    const auto someone = [&] {
        auto direct = TenantItems(TenantId{"acme"}, memory->items());
        auto key = Key{customer.user.value, "CART"};
        run(direct.update({.table = Table::purchases, .key = key, .add = {{"version", 1}}})).value();
    };
    int others = 0;
    std::function<void()> again = [&] {
        ++others;
        someone();
        store.before_next_write(again);
    };
    store.before_next_write(again);

    EXPECT_EQ(code_of(add(customer, id)), Errc::conflict);
    EXPECT_EQ(others, 5);
}

class MergeGuestCart : public CartOperations {};

TEST_F(MergeGuestCart, MovesTheLinesAndDeletesTheGuestsCart)
{
    const auto first = given_book("Nada").book_id;
    const auto second = given_book("Todo").book_id;
    add(customer, first, 60).value();
    add(guest, first, 60).value();
    add(guest, second, 3).value();

    EXPECT_TRUE(merge(guest, customer));

    const auto merged = get(customer);
    ASSERT_EQ(merged.items.size(), 2U);
    EXPECT_EQ(merged.items[0].quantity, 99);
    EXPECT_EQ(merged.items[1].quantity, 3);
    EXPECT_TRUE(get(guest).items.empty());
}

TEST_F(MergeGuestCart, ChangesNothingIfRepeated)
{
    const auto id = given_book("Nada").book_id;
    add(guest, id, 3).value();
    merge(guest, customer).value();
    const auto before = everything();

    EXPECT_TRUE(merge(guest, customer));
    EXPECT_TRUE(merge(caller_in("acme", Caller::Kind::guest), customer));
    EXPECT_EQ(everything(), before);
}

TEST_F(MergeGuestCart, DoesNotChangeTheUsersCartIfTheGuestsIsEmpty)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id).value();
    add(guest, id).value();
    remove(guest, id).value();
    const auto version = get(customer).version;

    EXPECT_TRUE(merge(guest, customer));
    EXPECT_EQ(get(customer).version, version);
    EXPECT_EQ(get(customer).items.at(0).quantity, 1);
}

TEST_F(MergeGuestCart, LosesNothingToConcurrentAdds)
{
    const auto id = given_book("Nada").book_id;
    const auto other = given_book("Todo").book_id;
    add(guest, id).value();
    store.before_next_write([&] {
        add(customer, other).value();
        add(guest, other).value();
    });

    EXPECT_TRUE(merge(guest, customer));
    const auto merged = get(customer);
    ASSERT_EQ(merged.items.size(), 2U);
    EXPECT_EQ(merged.items[0].quantity, 2);
    EXPECT_EQ(merged.items[1].quantity, 1);
    EXPECT_TRUE(get(guest).items.empty());
}

TEST_F(MergeGuestCart, IncludesAConcurrentAddOfTheGuest)
{
    const auto id = given_book("Nada").book_id;
    add(guest, id).value();
    store.before_next_write([&] { add(guest, id, 4).value(); });

    EXPECT_TRUE(merge(guest, customer));
    EXPECT_EQ(get(customer).items.at(0).quantity, 5);
    EXPECT_TRUE(get(guest).items.empty());
}

TEST_F(MergeGuestCart, IsAllOrNothing)
{
    const auto id = given_book("Nada").book_id;
    add(customer, id).value();
    add(guest, id).value();
    const auto before = everything();
    store.fail_after(0);

    EXPECT_EQ(code_of(merge(guest, customer)), Errc::unavailable);
    EXPECT_EQ(everything(), before);
}

} // namespace
} // namespace estante
