#include "operations/books/get_stock.hpp"

#include "operations/books/find_book.hpp"

namespace estante::books {

Task<Result<StockView>> get_stock(const Caller&, const GetStock& request, TenantItems& items)
{
    const auto record = co_await find_stock(items, request.book_id);
    if (!record)
        co_return std::unexpected(record.error());
    const auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return view_of(*record, *currency);
}

} // namespace estante::books
