#include "background/counter_flush.hpp"

#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace estante {

CounterFlush::CounterFlush(Clock& clock, std::vector<Place> places, std::chrono::milliseconds pause,
                           std::function<void(const std::string&)> report)
    : report_(std::move(report))
{
    for (Place& place : places)
        tallies_.push_back(std::make_unique<Tally>(std::move(place), clock));
    every_ = std::make_unique<PeriodicTask>(pause, [this] { flush(); });
}

CounterFlush::~CounterFlush()
{
    every_.reset();
    flush();
}

void CounterFlush::add(const TenantId& tenant, BusinessCounter counter)
{
    for (const auto& tally : tallies_) {
        if (tally->place.metrics->takes(counter))
            tally->counters.add(tenant, counter);
    }
}

void CounterFlush::add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms)
{
    for (const auto& tally : tallies_) {
        if (tally->place.metrics->takes(counter))
            tally->counters.add_at(tenant, counter, at_ms);
    }
}

void CounterFlush::flush()
{
    const std::lock_guard lock(flushing_);
    for (const auto& tally : tallies_)
        flush(*tally);
}

void CounterFlush::flush(Tally& tally)
{
    auto counts = tally.counters.take();
    if (counts.empty())
        return;
    try {
        const PublishResult published = run_task(tally.place.metrics->publish(std::move(counts)));
        tally.counters.add_back(published.again);
        if (!published.reason.empty())
            report_(fmt::format("business counters, {}: {} wait, {} are dropped: {}", tally.place.name,
                                published.again.size(), published.dropped.size(), published.reason));
    } catch (const std::exception& error) {
        report_(fmt::format("business counters, {}: some are dropped: {}", tally.place.name, error.what()));
    }
    if (const auto lost = tally.counters.lost(); lost != std::exchange(tally.lost_reported, lost))
        report_(
            fmt::format("business counters, {}: too many waited, {} are lost since the start", tally.place.name, lost));
}

} // namespace estante
