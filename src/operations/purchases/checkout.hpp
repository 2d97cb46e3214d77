#pragma once

#include "domain/caller.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/purchases/purchase_numbers.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"

namespace estante::purchases {

struct Checkout {
    std::optional<Money> expected_total{}; // what the customer was shown
    std::optional<Delivery> delivery{};    // collect
    std::optional<Payment> payment{};      // in_shop
};
BOOST_DESCRIBE_STRUCT(Checkout, (), (expected_total, delivery, payment))

// Buys what is in the caller's cart, at the prices in it: one transaction takes the copies, at these prices, makes the
// purchase and empties the cart, or does nothing at all.
// Errors: cart_empty; out_of_stock (naming each line whose book has too few copies, no price, or is gone);
// price_changed (naming each line whose price is another now, or all of them if the sum is not `expected_total`);
// invalid (no address to ship to, or a way of delivery that the shop does not offer); conflict (the cart changed
// meanwhile, or another request with this key); unavailable (the stock kept changing; it never means sold out).
Task<Result<PurchaseView>> checkout(const Caller& caller, const Checkout& request, TenantItems& items,
                                    PurchaseNumbers& numbers, Clock& clock, Ids& ids,
                                    IdempotencyGuard<PurchaseView>& idempotency);

} // namespace estante::purchases
