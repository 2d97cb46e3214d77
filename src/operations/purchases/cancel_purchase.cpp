#include "operations/purchases/cancel_purchase.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "operations/purchases/detail/find_purchase.hpp"
#include "operations/purchases/detail/purchase_update.hpp"
#include "records/books_with_stock.hpp"
#include "records/item_attributes.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::purchases {

namespace {

Result<void> check(const Purchase& purchase)
{
    if (can_cancel(purchase.status))
        return {};
    const auto status = enum_text(purchase.status);
    return failure(
        Errc::conflict,
        fmt::format("Una compra en estado «{}» ya no se puede anular: solo en los estados placed, paid y ready.",
                    status),
        fmt::format("A purchase that is {} cannot be cancelled: only one that is placed, paid or ready.", status));
}

// Returns the copies to each book that still exists. If a book is deleted in between, its action fails, and the next
// attempt leaves it out.
Task<Result<std::vector<Action>>> return_actions(TenantItems& items, const Purchase& purchase)
{
    const auto stocks = co_await read_stocks(items, book_ids(purchase.lines));
    if (!stocks)
        co_return store_failure(stocks.error());
    std::vector<Action> actions;
    for (std::size_t i = 0; i < purchase.lines.size(); ++i) {
        const PurchaseLine& line = purchase.lines[i];
        if (const auto& stock = (*stocks)[i])
            actions.emplace_back(arrival_update(line.book_id, *stock, line.quantity));
    }
    co_return actions;
}

} // namespace

Task<Result<PurchaseView>> cancel_purchase(const Caller& caller, const CancelPurchase& request, TenantItems& items,
                                           Clock& clock, IdempotencyGuard<PurchaseView>& idempotency)
{
    for (int attempt = 0; attempt < max_stock_attempts; ++attempt) {
        const auto purchase = co_await find_purchase(items, caller, request.purchase_id);
        if (!purchase)
            co_return std::unexpected(purchase.error());
        if (auto allowed = check(*purchase); !allowed)
            co_return std::unexpected(allowed.error());
        auto actions = co_await return_actions(items, *purchase);
        if (!actions)
            co_return std::unexpected(actions.error());

        const auto cancelled = with_status(*purchase, PurchaseStatus::cancelled, clock.now_ms());
        const auto view = to_view(cancelled);
        actions->emplace_back(purchase_put(cancelled));
        idempotency.add_record_to(*actions, Table::purchases, view);
        const auto stored = co_await items.transact(std::move(*actions));
        if (stored)
            co_return view;
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (idempotency.is_recorded_by_another(stored.error()))
            co_return write_conflict();
    }
    co_return stock_contention();
}

} // namespace estante::purchases
