// Answers the queries of ports/analytics.hpp from a list of purchases, in the simplest way: the reference that the
// engines are compared with, and an engine for tests of other code.
#pragma once

#include "domain/purchase.hpp"
#include "ports/analytics.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace estante {

// May be called from any thread.
class MemoryAnalytics final : public Analytics {
public:
    // A book's entry in the catalogue.
    struct Entry {
        std::string category{};
        std::vector<std::string> authors{};
    };

    // Adds a purchase, or replaces the one with its id.
    void put(const TenantId& tenant, Purchase purchase);
    // A book without an entry counts as deleted.
    void put_entry(const TenantId& tenant, const BookId& book, Entry entry);

    Task<Result<Sales>> totals(TenantId tenant, Period period) override;
    Task<Result<std::vector<SalesAt>>> series(TenantId tenant, Period period, Granularity granularity) override;
    Task<Result<std::vector<BookSales>>> top_books(TenantId tenant, Period period, bool by_category,
                                                   std::size_t limit) override;
    Task<Result<std::vector<AuthorSales>>> authors(TenantId tenant, Period period, std::size_t limit) override;
    Task<Result<std::vector<CustomerSales>>> best_customers(TenantId tenant, Period period, std::size_t limit) override;
    Task<Result<CustomerKinds>> customer_kinds(TenantId tenant, Period period) override;

private:
    struct Shop {
        std::map<std::string, Purchase> purchases{}; // by id, so in the order of their creation
        std::map<std::string, Entry> entries{};      // by book id
    };

    std::mutex mutex_;
    std::map<std::string, Shop> shops_;

    Shop shop(const TenantId& tenant); // a copy
    // Those that count, in the order of their time.
    std::vector<Purchase> sold(const TenantId& tenant, const Period& period);
};

} // namespace estante
