#include "operations/purchases/purchase_numbers.hpp"

#include "records/purchases.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

#include <chrono>

namespace estante::purchases {

namespace {

int year_of(std::int64_t ms)
{
    namespace chrono = std::chrono;
    const chrono::sys_time<chrono::milliseconds> at{chrono::milliseconds(ms)};
    return static_cast<int>(chrono::year_month_day(chrono::floor<chrono::days>(at)).year());
}

std::string format_number(int year, std::int64_t number)
{
    return fmt::format("{:04}-{:06}", year, number);
}

} // namespace

std::optional<std::int64_t> PurchaseNumbers::take_reserved(const ShopYear& shop_year)
{
    const std::lock_guard lock(mutex_);
    const auto found = reserved_.find(shop_year);
    if (found == reserved_.end())
        return std::nullopt;
    auto& ranges = found->second;
    const auto number = ranges.front().next++;
    if (number == ranges.front().last)
        ranges.pop_front();
    if (ranges.empty())
        reserved_.erase(found);
    return number;
}

void PurchaseNumbers::add_range(const ShopYear& shop_year, Range range)
{
    const std::lock_guard lock(mutex_);
    reserved_[shop_year].push_back(range);
}

Task<Result<std::string>> PurchaseNumbers::next(TenantItems& items, const TenantId& tenant, std::int64_t now_ms)
{
    const ShopYear shop_year{tenant, year_of(now_ms)};
    if (const auto number = take_reserved(shop_year))
        co_return format_number(shop_year.second, *number);
    // Several purchases may find no reserved number at the same time. Then each reserves a block, and all blocks get
    // used.
    const auto stored = co_await items.update(number_reservation(shop_year.second, block_size));
    if (!stored)
        co_return store_failure(stored.error());
    const auto last = last_reserved_number(*stored);
    const auto first = last - block_size + 1;
    add_range(shop_year, {first + 1, last});
    co_return format_number(shop_year.second, first);
}

} // namespace estante::purchases
