// Counts within one process until somebody takes them to where they last. What was not taken is lost with the process.
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

// Any thread.
class BufferedCounters : public BusinessCounters {
public:
    // At most `most` different counts (shop, counter, minute) wait; what would be one more is lost, and counted as
    // that. The clock outlives this.
    explicit BufferedCounters(Clock& clock, std::size_t most = 100'000) : clock_(clock), most_(most) {}

    void add(const TenantId& tenant, BusinessCounter counter) override;
    void add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms) override;

    // All that waits, oldest minute first; it waits no more.
    std::vector<BusinessCount> take();
    // What could not be brought away: it is added to what has come meanwhile.
    void add_back(const std::vector<BusinessCount>& counts);
    std::uint64_t lost() const;

private:
    using Place = std::tuple<std::int64_t, TenantId, BusinessCounter>;

    void add(Place place, std::uint64_t count); // under the lock

    Clock& clock_;
    std::size_t most_;
    mutable std::mutex mutex_;
    std::map<Place, std::uint64_t> counts_;
    std::uint64_t lost_ = 0;
};

} // namespace estante
