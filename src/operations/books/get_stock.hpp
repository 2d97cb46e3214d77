#pragma once

#include "operations/books/stock_view.hpp"

namespace estante::books {

struct GetStock {
    BookId book_id;
};
BOOST_DESCRIBE_STRUCT(GetStock, (), (book_id))

// Errors: not_found.
Task<Result<StockView>> get_stock(const Caller& caller, const GetStock& request, TenantItems& items);

} // namespace estante::books
