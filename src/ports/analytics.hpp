// Reports on one shop's purchases, computed from its data lake. Cancelled and refunded purchases are excluded. A sale
// is included a second after its commit. All engines return the same results. Amounts are gross, in cents; days are
// UTC. Errors of every call: invalid (check() of domain/calendar.hpp), unavailable (the engine or the lake fails or
// times out). Thread rules: every member may be called from any thread; the work runs off the event loops.
#pragma once

#include "domain/calendar.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace estante {

struct Sales {
    std::uint64_t purchases = 0;
    std::uint64_t items = 0; // copies
    std::int64_t revenue_cents = 0;

    bool operator==(const Sales&) const = default;
};

struct SalesAt {
    std::int64_t begin_ms = 0; // of the hour, day or month
    Sales sales{};

    bool operator==(const SalesAt&) const = default;
};

struct BookSales {
    std::string category{}; // the current one; "" for a deleted book
    std::string book_id{};
    std::string title{}; // at its last sale in the period
    std::uint64_t items = 0;
    std::int64_t revenue_cents = 0;
    std::uint32_t rank = 0; // from 1, within its category or overall

    bool operator==(const BookSales&) const = default;
};

struct AuthorSales {
    std::string author{}; // the current one; "" for deleted books
    std::uint64_t items = 0;
    std::int64_t revenue_cents = 0;

    bool operator==(const AuthorSales&) const = default;
};

struct CustomerSales {
    std::string user_id{};
    Sales sales{};

    bool operator==(const CustomerSales&) const = default;
};

// A customer is new if their first purchase in this shop is in the period.
struct CustomerKinds {
    std::uint64_t new_customers = 0;
    std::uint64_t returning_customers = 0;
    std::int64_t new_revenue_cents = 0;
    std::int64_t returning_revenue_cents = 0;

    bool operator==(const CustomerKinds&) const = default;
};

class Analytics {
public:
    virtual ~Analytics() = default;

    virtual Task<Result<Sales>> totals(TenantId tenant, Period period) = 0;
    // One entry for each hour, day or month of the period, also for those without sales; ascending.
    virtual Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) = 0;
    // Best-selling books: the first `limit` overall, or of each category. Ordered by items, revenue, then book id.
    virtual Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                           std::size_t limit) = 0;
    // Ordered by revenue, then author. Each author of a book with several authors gets its whole revenue.
    virtual Task<Result<std::vector<AuthorSales>>> authors(TenantId tenant, Period period, std::size_t limit) = 0;
    // Ordered by revenue, then user id.
    virtual Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period,
                                                                    std::size_t limit) = 0;
    virtual Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) = 0;
};

} // namespace estante
