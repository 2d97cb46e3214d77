#include "operations/books/stock_view.hpp"

#include "operations/books/find_book.hpp"
#include "records/store_errors.hpp"

namespace estante::books {

StockView view_of(const StockRecord& record, const Currency& currency)
{
    StockView view{.book_id = record.book_id,
                   .on_hand = record.stock.on_hand,
                   .in_stock = record.stock.in_stock(),
                   .price = record.stock.price,
                   .currency = currency,
                   .last_adjustment = std::nullopt,
                   .version = record.stock.version};
    if (const auto& last = record.adjustment)
        view.last_adjustment = AdjustmentView{last->delta, last->reason, last->user_id, {last->at_ms}};
    return view;
}

Task<Result<StockRecord>> find_stock(TenantItems& items, BookId book)
{
    const auto item = co_await items.get(Table::books, stock_key(book));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return no_such_book();
    co_return stock_from(**item);
}

} // namespace estante::books
