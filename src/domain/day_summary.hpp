// A shop's sales on one day (UTC). Each purchase is added once, each cancellation subtracted once.
#pragma once

#include "domain/calendar.hpp"
#include "domain/ids.hpp"
#include "domain/purchase.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace estante {

struct SoldItems {
    std::int64_t items = 0; // copies
    std::int64_t revenue_cents = 0;

    SoldItems& operator+=(const SoldItems& other);
    SoldItems& operator-=(const SoldItems& other);
    bool operator==(const SoldItems&) const = default;
};

struct DaySales {
    std::int64_t purchases = 0; // placed on this day and not cancelled since
    SoldItems sold{};

    DaySales& operator+=(const DaySales& other);
    DaySales& operator-=(const DaySales& other);
    bool operator==(const DaySales&) const = default;
};

// The share of one purchase in its day's summary. It is stored with the marker of the counted purchase, so that a
// cancellation subtracts the same, even if the categories of the books have changed.
struct CountedSale {
    int hour = 0; // UTC
    DaySales sales{};
    std::map<std::string, SoldItems> by_category{}; // "": books that were deleted before the purchase was counted
    SoldItems other_categories{};

    bool operator==(const CountedSale&) const = default;
};

struct DaySummary {
    // Further categories are added to other_categories, because the size of an item is limited.
    static constexpr std::size_t max_categories = 500;

    Day day{};
    std::string currency{}; // of the last counted purchase; empty without one
    DaySales total{};
    std::map<std::string, SoldItems> by_category{}; // without categories that sold nothing
    SoldItems other_categories{};
    std::array<DaySales, 24> by_hour{};

    // Business counters. Cancellations do not change them.
    std::int64_t book_purchases = 0; // placed
    std::int64_t new_user_registrations = 0;
    std::int64_t search_queries = 0;

    std::int64_t version = 0; // 0: never stored

    bool operator==(const DaySummary&) const = default;
    Money average() const; // revenue of a purchase, rounded half-up; 0 without purchases
};

// `categories` has the books that still exist.
CountedSale to_counted_sale(const Purchase& purchase, const std::map<BookId, std::string>& categories);

// Moves a category that exceeds max_categories to the sale's other_categories.
void add_sale(DaySummary& summary, CountedSale& sale);
void subtract_sale(DaySummary& summary, const CountedSale& sale);

} // namespace estante
