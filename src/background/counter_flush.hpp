// Counts business in memory and brings it away every few seconds, on a thread of its own.
#pragma once

#include "adapters/memory/buffered_counters.hpp"
#include "background/periodic_task.hpp"
#include "ports/business_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace estante {

// Each place that counts go to has a tally of its own: one that is away holds up no other, and gets what it missed when
// it is back. A process that is killed loses what was counted since the last flush, at most `pause`; one that ends
// flushes first.
class CounterFlush final : public BusinessCounters {
public:
    // A name for the log, and where the counts go.
    struct Place {
        std::string name;
        std::shared_ptr<BusinessMetrics> metrics;
    };

    CounterFlush(Clock& clock, std::vector<Place> places, std::chrono::milliseconds pause,
                 std::function<void(const std::string&)> report);
    ~CounterFlush() override;

    void add(const TenantId& tenant, BusinessCounter counter) override;
    void add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms) override;

    // Brings away what waits now, on the calling thread, which is no event loop's.
    void flush();

private:
    struct Tally {
        Place place;
        BufferedCounters counters;
        std::uint64_t lost_reported = 0;

        Tally(Place given_place, Clock& clock) : place(std::move(given_place)), counters(clock) {}
    };

    std::function<void(const std::string&)> report_;
    std::mutex flushing_;
    std::vector<std::unique_ptr<Tally>> tallies_;
    std::unique_ptr<PeriodicTask> every_; // the last member: it ends before what it uses

    void flush(Tally& tally);
};

} // namespace estante
