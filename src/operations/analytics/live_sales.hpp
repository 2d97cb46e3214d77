#pragma once

#include "codec/shapes.hpp"
#include "domain/calendar.hpp"
#include "domain/caller.hpp"
#include "domain/purchase.hpp"
#include "domain/tenant.hpp"
#include "operations/analytics/live_cursor.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::analytics {

struct LiveSalesSince {
    std::optional<LiveCursor> since{};
};
BOOST_DESCRIBE_STRUCT(LiveSalesSince, (), (since))

struct LiveLine {
    BookId book_id{};
    std::string title{};
    std::int64_t quantity = 1;
    Money subtotal{};
};
BOOST_DESCRIBE_STRUCT(LiveLine, (), (book_id, title, quantity, subtotal))

// A purchase as live sales show it.
struct LiveSale {
    PurchaseId purchase_id{};
    std::string number{};
    UserId user_id{};
    PurchaseStatus status = PurchaseStatus::placed; // when it was read or sent
    std::vector<LiveLine> items{};
    Money total_amount{};
    Currency currency{};
    Timestamp created_at{};
};
BOOST_DESCRIBE_STRUCT(LiveSale, (), (purchase_id, number, user_id, status, items, total_amount, currency, created_at))

LiveSale live_sale_of(const Purchase& purchase);

// The sales of the current UTC day so far, without cancelled and refunded purchases.
struct LiveDay {
    CalendarDate day{};
    std::uint64_t purchases = 0;
    std::uint64_t items = 0; // copies
    Money revenue{};
    Currency currency{};
};
BOOST_DESCRIBE_STRUCT(LiveDay, (), (day, purchases, items, revenue, currency))

struct LiveSalesPage {
    std::vector<LiveSale> items{};
    LiveDay today{};
    LiveCursor cursor{}; // `since` of the next request
    bool more = false;   // there are more: request the next page
};
BOOST_DESCRIBE_STRUCT(LiveSalesPage, (), (items, today, cursor, more))

inline constexpr std::size_t max_live_sales = 100; // in a page

// A page of sales that `seen` does not have, oldest first; advances `seen`. Errors: those of the store.
struct NewSales {
    std::vector<Purchase> purchases{};
    bool more = false;
};
Task<Result<NewSales>> new_sales(TenantItems& items, SeenSales& seen);

// A position after all sales so far. Errors: those of the store.
Task<Result<SeenSales>> mark_existing_sales(TenantItems& items, Clock& clock);

// The shop's sales since a position, and the figures of the day. Without a position, no sales but the cursor to start
// from.
Task<Result<LiveSalesPage>> live_sales(const Caller& caller, const LiveSalesSince& request, TenantItems& items,
                                       Clock& clock);

} // namespace estante::analytics
