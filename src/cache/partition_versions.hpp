// Version counters that keep caches exact. The writer advances the version of each partition that it wrote, after the
// commit and before it responds. What was read from a partition is valid while the partition has the same version. A
// reader takes the version BEFORE it reads.
#pragma once

#include "ports/item_store.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>

namespace estante {

// The number of counters is fixed, so partitions share them. A collision only invalidates an entry that is still right.
class PartitionVersions {
public:
    using Slot = std::uint32_t;

    PartitionVersions() : versions_(std::make_unique<std::array<std::atomic<std::uint64_t>, slot_count>>()) {}

    static Slot slot_of(Table table, std::string_view partition)
    {
        const auto hash =
            std::hash<std::string_view>{}(partition) + static_cast<std::size_t>(table) * 0x9E3779B97F4A7C15U;
        return static_cast<Slot>((hash ^ hash >> 32) % slot_count);
    }
    std::uint64_t at(Slot slot) const
    {
        return (*versions_)[slot].load(std::memory_order_acquire) + all_.load(std::memory_order_acquire);
    }
    void advance(Slot slot) { (*versions_)[slot].fetch_add(1, std::memory_order_acq_rel); }
    // Invalidates everything. A store that other processes write to calls it periodically.
    void advance_all() { all_.fetch_add(1, std::memory_order_acq_rel); }

private:
    static constexpr std::size_t slot_count = 1 << 16;
    std::unique_ptr<std::array<std::atomic<std::uint64_t>, slot_count>> versions_;
    std::atomic<std::uint64_t> all_ = 0; // added to each
};

} // namespace estante
