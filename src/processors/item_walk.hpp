// All items of a kind, shop by shop, as if each had just been made: what a processor's views are rebuilt from.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace estante {

// Each query is read of every shop, with the shop's own view of the store. A shop or item that is made meanwhile may be
// passed over: its change is in the stream.
class ItemWalk {
public:
    // The clock and the store outlive it. Of the queries partition, index and sort keys count. `tenants`: of these
    // shops alone.
    ItemWalk(AllItems items, Clock& clock, std::vector<Query> queries,
             std::optional<std::vector<TenantId>> tenants = {});

    // The next changes, which have no position; none: this was all. After an error the same page is read again.
    Task<StoreResult<std::vector<Change>>> next();

private:
    AllItems items_;
    Clock& clock_;
    std::vector<Query> queries_;
    std::optional<std::vector<TenantId>> tenants_;
    std::size_t tenant_ = 0;
    std::size_t query_ = 0;
    std::optional<Cursor> after_{};

    Task<StoreResult<void>> read_tenants();
    void go_on(std::optional<Cursor> next);
};

// What the processors look at.
std::vector<Query> queries_for_books_stream();
std::vector<Query> queries_for_purchases_stream();

} // namespace estante
