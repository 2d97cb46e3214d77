// Purchase numbers such as "2026-000123": unique in a shop and year, rising, with gaps.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/tenant_items.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace estante::purchases {

// Reserves numbers in the store in blocks of 100, so that few purchases need an extra write. Reserved numbers live in
// this process; those that it has not used when it ends are the gaps. One object for the whole process. May be called
// from any thread.
class PurchaseNumbers {
public:
    static constexpr std::int64_t block_size = 100;

    // The next number of the year of `now_ms` in UTC. `items` are the tenant's. Errors: unavailable.
    Task<Result<std::string>> next(TenantItems& items, const TenantId& tenant, std::int64_t now_ms);

private:
    struct Range {
        std::int64_t next;
        std::int64_t last;
    };
    using ShopYear = std::pair<TenantId, int>;

    std::mutex mutex_;
    std::map<ShopYear, std::deque<Range>> reserved_;

    std::optional<std::int64_t> take_reserved(const ShopYear& shop_year);
    void add_range(const ShopYear& shop_year, Range range);
};

} // namespace estante::purchases
