// A shop with customers who fill their carts and check out.
#pragma once

#include "operations/cart/add_to_cart.hpp"
#include "operations/cart/get_cart.hpp"
#include "operations/cart/set_quantity.hpp"
#include "operations/purchases/checkout.hpp"
#include "support/bookshop_test.hpp"

namespace estante {

class CheckoutTest : public BookshopTest {
protected:
    purchases::PurchaseNumbers numbers;

    void add(const Caller& caller, const BookId& id, std::int64_t quantity = 1)
    {
        cart::AddToCart request{.book_id = id};
        request.quantity.value.value = quantity;
        IdempotencyGuard<cart::CartView> no_key;
        run(cart::add_to_cart(caller, request, items, clock, no_key)).value();
    }
    void set_quantity(const Caller& caller, const BookId& id, std::int64_t quantity)
    {
        cart::SetQuantity request{.book_id = id, .quantity = {}};
        request.quantity.value = quantity;
        run(cart::set_quantity(caller, request, items, clock)).value();
    }
    cart::CartView cart_of(const Caller& caller) { return run(cart::get_cart(caller, {}, items)).value(); }

    Result<purchases::PurchaseView> buy(const Caller& caller, const purchases::Checkout& request = {},
                                        IdempotencyGuard<purchases::PurchaseView> idempotency = {})
    {
        return run(purchases::checkout(caller, request, items, numbers, clock, ids, idempotency));
    }
    purchases::PurchaseView given_purchase(const Caller& caller, const BookId& id, std::int64_t quantity = 1)
    {
        add(caller, id, quantity);
        return buy(caller).value();
    }
};

} // namespace estante
