#pragma once

#include "domain/caller.hpp"
#include "operations/idempotency_guard.hpp"
#include "operations/purchases/purchase_numbers.hpp"
#include "operations/purchases/purchase_view.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"

namespace estante::purchases {

struct Checkout {
    std::optional<Money> expected_total{}; // the total that the customer saw
    std::optional<Delivery> delivery{};    // default: collect
    std::optional<Payment> payment{};      // default: in_shop
};
BOOST_DESCRIBE_STRUCT(Checkout, (), (expected_total, delivery, payment))

// Buys the contents of the caller's cart at the prices in it. One transaction takes the copies at these prices, creates
// the purchase and empties the cart, or changes nothing.
// Errors: cart_empty; out_of_stock (naming each line whose book has too few copies, has no price or was deleted);
// price_changed (naming each line whose price changed, or all lines if the total is not `expected_total`); invalid (no
// address to ship to, or a way of delivery that the shop does not offer); conflict (the cart changed at the same time,
// or another request with this key); unavailable (the stock kept changing; it never means sold out).
Task<Result<PurchaseView>> checkout(const Caller& caller, const Checkout& request, TenantItems& items,
                                    PurchaseNumbers& numbers, Clock& clock, IdGenerator& ids,
                                    IdempotencyGuard<PurchaseView>& idempotency);

} // namespace estante::purchases
