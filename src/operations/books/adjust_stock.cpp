#include "operations/books/adjust_stock.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/detail/retry_limits.hpp"
#include "operations/tenants/find_currency.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante::books {

namespace {

// The first attempts require the version of the stock that was read, so that the response is exact. If sales keep
// changing it, the later ones only have conditions on on_hand.
constexpr int max_exact_attempts = 3;

Result<void> check(const AdjustStock& request, const Stock& stock)
{
    const auto delta = request.delta.value;
    if (delta == 0)
        return invalid(
            "/delta", "out_of_range",
            "Un ajuste de 0 ejemplares no cambia nada: indique cuántos entran (positivo) o salen (negativo).",
            "An adjustment by 0 copies changes nothing: give the number that arrives (positive) or leaves (negative).");
    if (stock.on_hand + delta > Stock::max_on_hand)
        return invalid("/delta", "out_of_range",
                       fmt::format("Hay {} ejemplares y el límite es {}: pueden entrar {} como máximo.", stock.on_hand,
                                   Stock::max_on_hand, Stock::max_on_hand - stock.on_hand),
                       fmt::format("There are {} copies and the limit is {}: at most {} can be added.", stock.on_hand,
                                   Stock::max_on_hand, Stock::max_on_hand - stock.on_hand));
    return {};
}

std::unexpected<Error> shortage(const AdjustStock& request, const Stock& stock, std::string title)
{
    const auto removed = -request.delta.value;
    auto error =
        failure(Errc::out_of_stock,
                fmt::format("De «{}» hay {} ejemplares: no se pueden descontar {}.", title, stock.on_hand, removed),
                fmt::format("There are {1} copies of “{0}”: {2} cannot be removed.", title, stock.on_hand, removed));
    const auto price_cents = stock.price.value_or(Money{}).cents;
    error.error().lines.push_back({.book_id = request.book_id.value,
                                   .title = std::move(title),
                                   .quantity = static_cast<int>(removed),
                                   .unit_price_cents = price_cents,
                                   .current_price_cents = stock.price ? std::optional(price_cents) : std::nullopt});
    return error;
}

StockRecord adjusted(StockRecord record, const Adjustment& adjustment)
{
    record.stock = with_on_hand(record.stock, record.stock.on_hand + adjustment.delta);
    record.adjustment = adjustment;
    return record;
}

Update adjustment_update(const StockRecord& seen, const Adjustment& adjustment, bool exact)
{
    const auto delta = adjustment.delta;
    Update update =
        delta > 0 ? arrival_update(seen.book_id, seen.stock, delta) : loss_update(seen.book_id, seen.stock, -delta);
    set_adjustment(update, adjustment);
    if (exact)
        update.conditions.emplace_back(VersionIs{seen.stock.version});
    return update;
}

} // namespace

Task<Result<StockView>> adjust_stock(const Caller& caller, const AdjustStock& request, TenantItems& items, Clock& clock,
                                     IdempotencyGuard<StockView>& idempotency)
{
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const Adjustment adjustment{request.delta.value, request.reason.value, caller.user, clock.now_ms()};

    for (int attempt = 1; attempt <= max_stock_attempts; ++attempt) {
        const auto seen = co_await find_stock(items, request.book_id);
        if (!seen)
            co_return std::unexpected(seen.error());
        if (auto allowed = check(request, seen->stock); !allowed)
            co_return std::unexpected(allowed.error());
        if (seen->stock.on_hand + adjustment.delta < 0) {
            const auto book = co_await find_book(items, request.book_id);
            if (!book)
                co_return std::unexpected(book.error());
            co_return shortage(request, seen->stock, book->book.entry.title.value);
        }

        std::vector<Action> actions{adjustment_update(*seen, adjustment, attempt <= max_exact_attempts)};
        const StockView view = to_view(adjusted(*seen, adjustment), *currency);
        idempotency.add_record_to(actions, Table::books, view);
        const auto stored = co_await items.transact(std::move(actions));
        if (stored)
            co_return view;
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (idempotency.is_recorded_by_another(stored.error()))
            co_return write_conflict();
    }
    co_return stock_contention();
}

} // namespace estante::books
