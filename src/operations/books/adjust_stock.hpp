#pragma once

#include "operations/books/stock_view.hpp"
#include "operations/idempotency_guard.hpp"
#include "ports/clock.hpp"

namespace estante::books {

struct AdjustStock {
    BookId book_id;
    Int<-Stock::max_on_hand, Stock::max_on_hand> delta;
    Text<1, 200> reason;
};
BOOST_DESCRIBE_STRUCT(AdjustStock, (), (book_id, delta, reason))

// Adds copies that came or takes away those that are lost. The answer is the stock as it is then; only while sales of
// this book keep coming in between is it the stock as it was seen shortly before, with the delta. Errors: not_found,
// invalid (delta 0, or more than 1,000,000 copies then), out_of_stock (fewer copies than are taken away; it names the
// book), conflict (another request with this key), unavailable (the stock kept changing).
Task<Result<StockView>> adjust_stock(const Caller& caller, const AdjustStock& request, TenantItems& items, Clock& clock,
                                     IdempotencyGuard<StockView>& idempotency);

} // namespace estante::books
