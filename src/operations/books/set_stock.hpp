#pragma once

#include "operations/books/stock_view.hpp"

namespace estante::books {

struct SetStock {
    BookId book_id;
    IfMatch if_match;
    OnHand on_hand;
};
BOOST_DESCRIBE_STRUCT(SetStock, (), (book_id, if_match, on_hand))

// Sets how many copies there are, after a count. It rests on the stock as it was read: a sale since then refuses it.
// Errors: not_found, version_mismatch.
Task<Result<StockView>> set_stock(const Caller& caller, const SetStock& request, TenantItems& items);

} // namespace estante::books
