#include "operations/books/set_stock.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/tenants/find_currency.hpp"
#include "records/store_failure.hpp"

namespace estante::books {

Task<Result<StockView>> set_stock(const Caller&, const SetStock& request, TenantItems& items)
{
    const auto record = co_await find_stock(items, request.book_id);
    if (!record)
        co_return std::unexpected(record.error());
    // "If-Match: *" leaves the etag empty and matches any version of an existing book.
    const auto if_match = request.if_match.etag.empty() ? std::nullopt : std::optional(request.if_match);
    if (auto current = check_version(if_match, record->stock.version); !current)
        co_return std::unexpected(current.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    if (record->stock.on_hand == request.on_hand.value)
        co_return to_view(*record, *currency);

    const auto stored = co_await items.update(count_update(request.book_id, record->stock, request.on_hand.value));
    if (stored)
        co_return to_view(stock_from(*stored), *currency);
    if (is_condition_failed(stored.error()))
        co_return write_conflict(request.if_match);
    co_return store_failure(stored.error());
}

} // namespace estante::books
