// A purchase: its lines with prices and VAT, and its status. Lines and amounts never change.
#pragma once

#include "domain/cart.hpp"
#include "domain/ids.hpp"
#include "domain/limited.hpp"
#include "domain/money.hpp"
#include "domain/result.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante {

enum class PurchaseStatus { placed, paid, ready, shipped, collected, cancelled, refunded };
BOOST_DESCRIBE_ENUM(PurchaseStatus, placed, paid, ready, shipped, collected, cancelled, refunded)

enum class DeliveryMethod { collect, ship };
BOOST_DESCRIBE_ENUM(DeliveryMethod, collect, ship)

enum class PaymentMethod { in_shop, on_delivery };
BOOST_DESCRIBE_ENUM(PaymentMethod, in_shop, on_delivery)

struct Delivery {
    Or<DeliveryMethod, DeliveryMethod::collect> method;
    std::optional<Text<1, 500>> address; // required to ship

    bool operator==(const Delivery&) const = default;
};
BOOST_DESCRIBE_STRUCT(Delivery, (), (method, address))

struct Payment {
    Or<PaymentMethod, PaymentMethod::in_shop> method;

    bool operator==(const Payment&) const = default;
};
BOOST_DESCRIBE_STRUCT(Payment, (), (method))

struct PurchaseLine {
    BookId book_id;
    std::string title;
    std::int64_t quantity = 1;
    Money unit_price{};
    Money subtotal{};
    std::int64_t vat_rate_basis_points = 0;

    bool operator==(const PurchaseLine&) const = default;
};

struct Purchase {
    PurchaseId id{};
    UserId user_id{};
    std::string number{}; // "2026-000123": unique within the shop and year; numbers may be skipped
    PurchaseStatus status = PurchaseStatus::placed;
    std::vector<PurchaseLine> lines{};
    Money total{}; // gross: prices include VAT
    std::string currency{};
    std::vector<VatAmount> vat{}; // by rate ascending
    Delivery delivery{};
    Payment payment{};
    std::int64_t created_ms = 0; // the millisecond of the id
    std::int64_t updated_ms = 0;
    std::int64_t version = 1;

    bool operator==(const Purchase&) const = default;
};

// The lines of a cart at the cart's prices. Every line must have a price.
std::vector<PurchaseLine> lines_of(const Cart& cart, std::int64_t vat_rate_basis_points);
Money total_of(const std::vector<PurchaseLine>& lines);
// VAT by rate, rounded half-up once for the sum of the lines of each rate.
std::vector<VatAmount> vat_by_rate(const std::vector<PurchaseLine>& lines);

// placed → paid, ready, shipped; paid → ready, shipped; ready → paid, collected, shipped; cancelled → refunded.
bool can_become(PurchaseStatus from, PurchaseStatus to);
// Before it is shipped or collected, and only once.
bool can_cancel(PurchaseStatus status);
// Such a purchase is not in the sales figures.
bool is_cancelled_or_refunded(const Purchase& purchase);

// Errors: invalid, for a shipment without an address.
Result<void> check(const Delivery& delivery);

} // namespace estante
