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

// Adds copies that arrived, or removes copies that were lost. The response is the exact stock after the change. Under
// contention with sales it may be stale: then it is the last stock that was read plus the delta.
// Errors: not_found, invalid (delta 0, or a result above 1,000,000 copies), out_of_stock (fewer copies than are
// removed; it names the book), conflict (another request with this key), unavailable (the stock kept changing).
Task<Result<StockView>> adjust_stock(const Caller& caller, const AdjustStock& request, TenantItems& items, Clock& clock,
                                     IdempotencyGuard<StockView>& idempotency);

} // namespace estante::books
