#include "operations/books/stock_view.hpp"

namespace estante::books {

StockView to_view(const StockRecord& record, const Currency& currency)
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

} // namespace estante::books
