// Counts business events in memory and publishes the counts periodically.
#pragma once

// The buffer of counts is an adapter of its own: tests use it alone as BusinessCounters.
#include "adapters/memory/buffered_counters.hpp"
#include "background/worker.hpp"
#include "ports/business_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace estante {

// Each destination has a buffer of its own, so one that is unavailable delays no other and gets its counts later. A
// killed process loses the counts since the last flush; the destructor flushes.
class CounterFlush final : public BusinessCounters {
public:
    struct Destination {
        std::string name; // in the log
        std::shared_ptr<BusinessMetrics> metrics;
    };

    // The worker is this object's alone. Clock and worker outlive it.
    CounterFlush(Clock& clock, Worker& worker, std::chrono::milliseconds interval,
                 std::vector<Destination> destinations, std::function<void(const std::string&)> report);
    ~CounterFlush() override;

    void add(const TenantId& tenant, BusinessCounter counter) override;
    void add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms) override;

private:
    struct Buffer {
        Destination destination;
        BufferedCounters counts;
        std::uint64_t reported_lost = 0;

        Buffer(Destination given, Clock& clock) : destination(std::move(given)), counts(clock) {}
    };

    Worker& worker_;
    std::function<void(const std::string&)> report_;
    std::vector<std::unique_ptr<Buffer>> buffers_;

    Task<void> flush();
    Task<void> flush(Buffer& buffer);
};

} // namespace estante
