// Purchase numbers, "2026-000123": unique in a shop and year, rising, with gaps.
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

// Reserves numbers from the store by the hundred, so that a purchase seldom has to. What is reserved lives in this
// process: numbers that it did not use before it ended are the gaps. One for the whole process; any thread.
class PurchaseNumbers {
public:
    static constexpr std::int64_t block = 100;

    // `items` are the tenant's; the year is that of `now_ms` in UTC. Errors: unavailable.
    Task<Result<std::string>> next(TenantItems& items, const TenantId& tenant, std::int64_t now_ms);

private:
    struct Range {
        std::int64_t next;
        std::int64_t last;
    };
    using ShopYear = std::pair<TenantId, int>;

    std::mutex mutex_;
    std::map<ShopYear, std::deque<Range>> reserved_;

    std::optional<std::int64_t> take(const ShopYear& shop_year);
    void put_back(const ShopYear& shop_year, Range range);
};

} // namespace estante::purchases
