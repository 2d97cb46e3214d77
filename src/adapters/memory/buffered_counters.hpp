// Counts business events in memory until somebody stores the counts. Counts that are not taken are lost with the
// process.
#pragma once

#include "ports/business_counters.hpp"
#include "ports/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

namespace estante {

// May be called from any thread.
class BufferedCounters : public BusinessCounters {
public:
    // Buffers at most `max_counts` different counts (shop, counter, minute); further ones are dropped and counted in
    // `lost`. The clock outlives this.
    explicit BufferedCounters(Clock& clock, std::size_t max_counts = 100'000) : clock_(clock), max_counts_(max_counts)
    {
    }

    void add(const TenantId& tenant, BusinessCounter counter) override;
    void add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms) override;

    // Removes and returns all counts, oldest minute first.
    std::vector<BusinessCount> take();
    // Adds counts that could not be stored back to the buffer.
    void add_back(const std::vector<BusinessCount>& counts);
    std::uint64_t lost() const;

private:
    using CounterKey = std::tuple<std::int64_t, TenantId, BusinessCounter>;

    void add(CounterKey key, std::uint64_t count); // the caller holds the lock

    Clock& clock_;
    std::size_t max_counts_;
    mutable std::mutex mutex_;
    std::map<CounterKey, std::uint64_t> counts_;
    std::uint64_t lost_ = 0;
};

} // namespace estante
