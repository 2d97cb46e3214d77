#pragma once

#include "operations/books/stock_view.hpp"

namespace estante::books {

struct SetStock {
    BookId book_id;
    IfMatch if_match;
    OnHand on_hand;
};
BOOST_DESCRIBE_STRUCT(SetStock, (), (book_id, if_match, on_hand))

// Sets the number of copies, after a count. It requires the version that was read, so a sale in the meantime makes it
// fail.
// Errors: not_found, version_mismatch.
Task<Result<StockView>> set_stock(const Caller& caller, const SetStock& request, TenantItems& items);

} // namespace estante::books
