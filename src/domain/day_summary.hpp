// What a shop sold on one day (UTC): figures that purchases are added to once and cancellations subtracted from once.
#pragma once

#include "domain/ids.hpp"
#include "domain/period.hpp"
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

// What one purchase adds to its day; kept with the mark that it was counted, so that its cancellation takes away the
// same, whatever has become of the books' categories.
struct CountedSale {
    int hour = 0; // UTC
    DaySales sales{};
    std::map<std::string, SoldItems> by_category{}; // "": the book was gone when the purchase was counted
    SoldItems other_categories{};

    bool operator==(const CountedSale&) const = default;
};

struct DaySummary {
    // One more category goes into other_categories, for as long as there are so many: an item of the store is bounded.
    static constexpr std::size_t max_categories = 500;

    Day day{};
    std::string currency{}; // of the purchase that was counted last; empty: none was
    DaySales total{};
    std::map<std::string, SoldItems> by_category{}; // without those that sold nothing
    SoldItems other_categories{};
    std::array<DaySales, 24> by_hour{};

    // The business counters; nothing is subtracted from them.
    std::int64_t book_purchases = 0;         // that were placed
    std::int64_t new_user_registrations = 0; // accounts that were made
    std::int64_t search_queries = 0;

    std::int64_t version = 0; // 0: never stored

    bool operator==(const DaySummary&) const = default;
    Money average() const; // of a purchase, rounded half-up; 0 when there is none
};

// `categories` names those of the books that are there.
CountedSale sale_of(const Purchase& purchase, const std::map<BookId, std::string>& categories);

// What finds no room among the categories moves to the sale's other_categories.
void count_placed(DaySummary& summary, CountedSale& sale);
void count_cancelled(DaySummary& summary, const CountedSale& sale);

} // namespace estante
