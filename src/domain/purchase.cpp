#include "domain/purchase.hpp"

#include <map>

namespace estante {

std::vector<PurchaseLine> lines_of(const Cart& cart, std::int64_t vat_rate_basis_points)
{
    std::vector<PurchaseLine> lines;
    lines.reserve(cart.lines.size());
    for (const CartLine& line : cart.lines)
        lines.push_back({.book_id = line.book_id,
                         .title = line.title,
                         .quantity = line.quantity,
                         .unit_price = line.unit_price.value(),
                         .subtotal = line.subtotal(),
                         .vat_rate_basis_points = vat_rate_basis_points});
    return lines;
}

Money total_of(const std::vector<PurchaseLine>& lines)
{
    Money sum;
    for (const PurchaseLine& line : lines)
        sum += line.subtotal;
    return sum;
}

std::vector<VatAmount> vat_by_rate(const std::vector<PurchaseLine>& lines)
{
    std::map<std::int64_t, Money> gross_by_rate;
    for (const PurchaseLine& line : lines)
        gross_by_rate[line.vat_rate_basis_points] += line.subtotal;
    std::vector<VatAmount> vat;
    vat.reserve(gross_by_rate.size());
    for (const auto& [rate, gross] : gross_by_rate)
        vat.push_back(vat_from_gross(gross, rate));
    return vat;
}

bool is_cancelled_or_refunded(const Purchase& purchase)
{
    return purchase.status == PurchaseStatus::cancelled || purchase.status == PurchaseStatus::refunded;
}

bool can_become(PurchaseStatus from, PurchaseStatus to)
{
    using enum PurchaseStatus;
    switch (from) {
    case placed:
        return to == paid || to == ready || to == shipped;
    case paid:
        return to == ready || to == shipped;
    case ready:
        return to == paid || to == collected || to == shipped;
    case cancelled:
        return to == refunded;
    case shipped:
    case collected:
    case refunded:
        return false;
    }
    return false;
}

bool can_cancel(PurchaseStatus status)
{
    using enum PurchaseStatus;
    return status == placed || status == paid || status == ready;
}

Result<void> check(const Delivery& delivery)
{
    if (delivery.method.value == DeliveryMethod::ship && !delivery.address)
        return invalid("/delivery/address", "required", "es obligatoria para enviar la compra",
                       "is required to ship the purchase");
    return {};
}

} // namespace estante
