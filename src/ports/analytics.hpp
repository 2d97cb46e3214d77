// Questions about one shop's purchases, answered from its data lake. Cancelled and refunded purchases are left out; the
// sale of a second ago is in. Every engine gives the same answers. Amounts are gross, in cents; days are UTC.
// Errors of every call: invalid (check() of domain/period.hpp), unavailable (the engine or the lake is away or slow).
// Thread rules: every member may be called from any thread; work runs off the event loops.
#pragma once

#include "domain/ids.hpp"
#include "domain/period.hpp"
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
    std::string category{}; // as the catalogue has it now; "" for a book that is gone
    std::string book_id{};
    std::string title{}; // as it was sold last in the period
    std::uint64_t items = 0;
    std::int64_t revenue_cents = 0;
    std::uint32_t rank = 0; // from 1: within its category, or over all

    bool operator==(const BookSales&) const = default;
};

struct AuthorSales {
    std::string author{}; // as the catalogue has it now; "" for books that are gone
    std::uint64_t items = 0;
    std::int64_t revenue_cents = 0;

    bool operator==(const AuthorSales&) const = default;
};

struct CustomerSales {
    std::string user_id{};
    Sales sales{};

    bool operator==(const CustomerSales&) const = default;
};

// New: the first purchase of their life in this shop falls into the period.
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
    // One entry for each hour, day or month of the period, those without sales too; ascending.
    virtual Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) = 0;
    // The best sold books: the first `limit` over all, or of each category. By items, revenue, then book id.
    virtual Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                           std::size_t limit) = 0;
    // By revenue, then author; of a book with several authors each has the whole revenue.
    virtual Task<Result<std::vector<AuthorSales>>> authors(TenantId tenant, Period period, std::size_t limit) = 0;
    // By revenue, then user id.
    virtual Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period,
                                                                    std::size_t limit) = 0;
    virtual Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) = 0;
};

} // namespace estante
