#include "operations/books/get_stock.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

Task<Result<StockView>> get_stock(const Caller&, const GetStock& request, TenantItems& items)
{
    const auto record = co_await find_stock(items, request.book_id);
    if (!record)
        co_return std::unexpected(record.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return to_view(*record, *currency);
}

} // namespace estante::books
