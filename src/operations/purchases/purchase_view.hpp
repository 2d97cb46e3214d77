// A purchase as the API shows it.
#pragma once

#include "codec/shapes.hpp"
#include "domain/purchase.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace estante::purchases {

struct PurchaseLineView {
    BookId book_id;
    std::string title;
    std::int64_t quantity = 1;
    Money unit_price;
    Money subtotal;
    VatRate vat_rate;

    bool operator==(const PurchaseLineView&) const = default;
};
BOOST_DESCRIBE_STRUCT(PurchaseLineView, (), (book_id, title, quantity, unit_price, subtotal, vat_rate))

struct VatView {
    VatRate rate;
    Money net;
    Money tax;

    bool operator==(const VatView&) const = default;
};
BOOST_DESCRIBE_STRUCT(VatView, (), (rate, net, tax))

struct PurchaseView {
    PurchaseId purchase_id;
    UserId user_id;
    std::string number;
    PurchaseStatus status = PurchaseStatus::placed;
    std::vector<PurchaseLineView> items;
    Money total_amount;
    Currency currency;
    std::vector<VatView> vat;
    Delivery delivery;
    Payment payment;
    Timestamp created_at;
    Timestamp updated_at;
    std::int64_t version = 1;

    std::string etag() const { return std::to_string(version); }
    std::string location() const { return "/v1/purchases/" + purchase_id.value; }
    bool operator==(const PurchaseView&) const = default;
};
BOOST_DESCRIBE_STRUCT(PurchaseView, (),
                      (purchase_id, user_id, number, status, items, total_amount, currency, vat, delivery, payment,
                       created_at, updated_at, version))

PurchaseView to_view(const Purchase& purchase);

} // namespace estante::purchases
