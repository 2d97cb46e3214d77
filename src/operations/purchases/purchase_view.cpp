#include "operations/purchases/purchase_view.hpp"

namespace estante::purchases {

PurchaseView to_view(const Purchase& purchase)
{
    PurchaseView view{.purchase_id = purchase.id,
                      .user_id = purchase.user_id,
                      .number = purchase.number,
                      .status = purchase.status,
                      .items = {},
                      .total_amount = purchase.total,
                      .currency = {purchase.currency},
                      .vat = {},
                      .delivery = purchase.delivery,
                      .payment = purchase.payment,
                      .created_at = {purchase.created_ms},
                      .updated_at = {purchase.updated_ms},
                      .version = purchase.version};
    for (const PurchaseLine& line : purchase.lines)
        view.items.push_back({.book_id = line.book_id,
                              .title = line.title,
                              .quantity = line.quantity,
                              .unit_price = line.unit_price,
                              .subtotal = line.subtotal,
                              .vat_rate = {line.vat_rate_basis_points}});
    for (const VatAmount& vat : purchase.vat)
        view.vat.push_back({.rate = {vat.rate_basis_points}, .net = vat.net, .tax = vat.tax});
    return view;
}

} // namespace estante::purchases
