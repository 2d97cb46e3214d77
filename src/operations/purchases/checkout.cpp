#include "operations/purchases/checkout.hpp"

#include "operations/cart/detail/change_cart.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "operations/purchases/detail/checkout_lines.hpp"
#include "operations/tenants/detail/load_tenant.hpp"
#include "records/books_with_stock.hpp"
#include "records/purchases.hpp"
#include "records/store_failure.hpp"

#include <algorithm>

namespace estante::purchases {

namespace {

Result<void> check_delivery(const Delivery& delivery, const DeliveryOptions& offered)
{
    const bool ship = delivery.method.value == DeliveryMethod::ship;
    if (!(ship ? offered.ship.value : offered.collect.value))
        return invalid("/delivery/method", "not_offered",
                       ship ? "La tienda no envía: elija la recogida en tienda (collect)."
                            : "La tienda no ofrece recogida: elija el envío (ship).",
                       ship ? "The shop does not ship: choose “collect”."
                            : "The shop does not offer collection: choose “ship”.");
    return check(delivery);
}

// First the sale of each line in the cart's order, then the emptied cart and the purchase.
std::vector<Action> checkout_actions(const Purchase& purchase, const Cart& cart,
                                     const std::vector<std::optional<Stock>>& stock)
{
    std::vector<Action> actions;
    actions.reserve(cart.lines.size() + 3);
    for (std::size_t i = 0; i < cart.lines.size(); ++i) {
        const CartLine& line = cart.lines[i];
        actions.emplace_back(sale_update(line.book_id, *stock[i], *line.unit_price, line.quantity));
    }
    const Cart emptied{.lines = {}, .version = cart.version + 1, .updated_ms = purchase.created_ms};
    actions.emplace_back(cart_put(emptied, purchase.user_id));
    actions.emplace_back(Put{.table = Table::purchases, .item = to_item(purchase), .conditions = {Absent{}}});
    return actions;
}

Purchase new_purchase(const Caller& caller, const Cart& cart, const TenantSettings& settings, const Checkout& request)
{
    Purchase purchase{.user_id = caller.user,
                      .lines = lines_of(cart, settings.vat_rate.hundredths),
                      .total = cart.total(),
                      .currency = settings.currency.value,
                      .delivery = request.delivery.value_or(Delivery{}),
                      .payment = request.payment.value_or(Payment{})};
    purchase.vat = vat_by_rate(purchase.lines);
    return purchase;
}

Task<Result<void>> assign_number_and_id(Purchase& purchase, const Caller& caller, TenantItems& items,
                                        PurchaseNumbers& numbers, Clock& clock, IdGenerator& ids)
{
    auto number = co_await numbers.next(items, caller.tenant, clock.now_ms());
    if (!number)
        co_return std::unexpected(number.error());
    purchase.number = std::move(*number);
    purchase.id = ids.make<PurchaseId>();
    purchase.created_ms = static_cast<std::int64_t>(purchase.id.time_ms());
    purchase.updated_ms = purchase.created_ms;
    co_return Result<void>{};
}

} // namespace

Task<Result<PurchaseView>> checkout(const Caller& caller, const Checkout& request, TenantItems& items,
                                    PurchaseNumbers& numbers, Clock& clock, IdGenerator& ids,
                                    IdempotencyGuard<PurchaseView>& idempotency)
{
    const auto tenant = co_await tenants::load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    if (auto allowed = check_delivery(request.delivery.value_or(Delivery{}), tenant->settings.delivery); !allowed)
        co_return std::unexpected(allowed.error());
    const auto cart = co_await cart::load_cart(items, caller.user);
    if (!cart)
        co_return std::unexpected(cart.error());
    if (cart->lines.empty())
        co_return failure(Errc::cart_empty, "El carrito está vacío. Añada un libro antes de comprar.",
                          "The cart is empty. Add a book before the checkout.");

    std::optional<Purchase> purchase;
    PurchaseView view;
    for (int attempt = 0; attempt < max_stock_attempts; ++attempt) {
        const auto stock = co_await read_stocks(items, book_ids(cart->lines));
        if (!stock)
            co_return store_failure(stock.error());
        if (auto allowed = check_lines(*cart, *stock, request.expected_total); !allowed)
            co_return std::unexpected(allowed.error());
        if (!purchase) {
            purchase = new_purchase(caller, *cart, tenant->settings, request);
            if (auto named = co_await assign_number_and_id(*purchase, caller, items, numbers, clock, ids); !named)
                co_return std::unexpected(named.error());
            view = to_view(*purchase);
        }

        auto actions = checkout_actions(*purchase, *cart, *stock);
        idempotency.add_record_to(actions, Table::purchases, view);
        const auto stored = co_await items.transact(std::move(actions));
        if (stored)
            co_return view;
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        const bool only_stock = std::ranges::all_of(
            stored.error().failed, [&](const FailedAction& failed) { return failed.index < cart->lines.size(); });
        if (!only_stock)
            co_return write_conflict();
    }
    co_return stock_contention();
}

} // namespace estante::purchases
