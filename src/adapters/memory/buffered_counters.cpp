#include "adapters/memory/buffered_counters.hpp"

namespace estante {

void BufferedCounters::add(CounterKey key, std::uint64_t count)
{
    const auto found = counts_.find(key);
    if (found != counts_.end())
        found->second += count;
    else if (counts_.size() < max_counts_)
        counts_.emplace(std::move(key), count);
    else
        lost_ += count;
}

void BufferedCounters::add(const TenantId& tenant, BusinessCounter counter)
{
    add_at(tenant, counter, clock_.now_ms());
}

void BufferedCounters::add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms)
{
    constexpr std::int64_t minute_ms = 60'000;
    const std::lock_guard lock(mutex_);
    add({at_ms - at_ms % minute_ms, tenant, counter}, 1);
}

std::vector<BusinessCount> BufferedCounters::take()
{
    std::map<CounterKey, std::uint64_t> taken;
    {
        const std::lock_guard lock(mutex_);
        taken.swap(counts_);
    }
    std::vector<BusinessCount> counts;
    counts.reserve(taken.size());
    for (const auto& [key, count] : taken) {
        const auto& [minute_ms, tenant, counter] = key;
        counts.push_back({tenant, counter, minute_ms, count});
    }
    return counts;
}

void BufferedCounters::add_back(const std::vector<BusinessCount>& counts)
{
    const std::lock_guard lock(mutex_);
    for (const BusinessCount& one : counts)
        add({one.minute_ms, one.tenant, one.counter}, one.count);
}

std::uint64_t BufferedCounters::lost() const
{
    const std::lock_guard lock(mutex_);
    return lost_;
}

} // namespace estante
