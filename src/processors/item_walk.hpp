// Reads all items of some kinds, tenant by tenant, as changes that insert them. A rebuild gives them to a processor.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/clock.hpp"
#include "ports/tenant_items.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace estante {

// It may miss items that are written during the walk; their changes are in the stream.
class ItemWalk {
public:
    // Reads every query for each tenant; limit and cursor of a query are ignored. `tenants`: absent means all. Clock
    // and store outlive the walk.
    ItemWalk(AllItems items, Clock& clock, std::vector<Query> queries,
             std::optional<std::vector<TenantId>> tenants = {});

    // The next page, in changes without a position; empty at the end. After an error it reads the same page again.
    Task<StoreResult<std::vector<Change>>> next();

private:
    AllItems items_;
    Clock& clock_;
    std::vector<Query> queries_;
    std::optional<std::vector<TenantId>> tenants_;
    std::size_t tenant_ = 0;
    std::size_t query_ = 0;
    std::optional<Cursor> after_{};

    void advance(std::optional<Cursor> next);
};

// The items that each processor handles.
std::vector<Query> queries_for_books_stream();
std::vector<Query> queries_for_purchases_stream();

} // namespace estante
