#include "background/counter_flush.hpp"

#include "runtime/run_task.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace estante {

CounterFlush::CounterFlush(Clock& clock, Worker& worker, std::chrono::milliseconds interval,
                           std::vector<Destination> destinations, std::function<void(const std::string&)> report)
    : worker_(worker), report_(std::move(report))
{
    for (Destination& destination : destinations)
        buffers_.push_back(std::make_unique<Buffer>(std::move(destination), clock));
    worker.add(periodic_task("counter flush", interval, [this] { return flush(); }));
}

CounterFlush::~CounterFlush()
{
    worker_.stop();
    run_task(flush());
}

void CounterFlush::add(const TenantId& tenant, BusinessCounter counter)
{
    for (const auto& buffer : buffers_) {
        if (buffer->destination.metrics->accepts(counter))
            buffer->counts.add(tenant, counter);
    }
}

void CounterFlush::add_at(const TenantId& tenant, BusinessCounter counter, std::int64_t at_ms)
{
    for (const auto& buffer : buffers_) {
        if (buffer->destination.metrics->accepts(counter))
            buffer->counts.add_at(tenant, counter, at_ms);
    }
}

Task<void> CounterFlush::flush()
{
    for (const auto& buffer : buffers_)
        co_await flush(*buffer);
}

Task<void> CounterFlush::flush(Buffer& buffer)
{
    auto counts = buffer.counts.take();
    if (counts.empty())
        co_return;
    const auto& name = buffer.destination.name;
    try {
        const PublishResult published = co_await buffer.destination.metrics->publish(std::move(counts));
        buffer.counts.add_back(published.again);
        if (!published.reason.empty())
            report_(fmt::format("business counters, {}: {} are retried, {} are dropped: {}", name,
                                published.again.size(), published.dropped.size(), published.reason));
    } catch (const std::exception& error) {
        report_(fmt::format("business counters, {}: some are dropped: {}", name, error.what()));
    }
    if (const auto lost = buffer.counts.lost(); lost != std::exchange(buffer.reported_lost, lost))
        report_(fmt::format("business counters, {}: the buffer is full, {} are lost since the start", name, lost));
}

} // namespace estante
