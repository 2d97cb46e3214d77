// Stamps make caches exact. The writer advances the stamp of each partition it wrote, after the commit and before its
// answers; what was read under a stamp is valid while the stamp stands. A reader takes the stamp BEFORE it reads.
#pragma once

#include "ports/item_store.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>

namespace estante {

// Partitions share a bounded number of stamps: a collision only makes a cache forget something that still holds.
class PartitionVersions {
public:
    using Slot = std::uint32_t;

    PartitionVersions() : partition_versions_(std::make_unique<std::array<std::atomic<std::uint64_t>, slots>>()) {}

    static Slot slot_of(Table table, std::string_view partition)
    {
        const auto hash =
            std::hash<std::string_view>{}(partition) + static_cast<std::size_t>(table) * 0x9E3779B97F4A7C15U;
        return static_cast<Slot>((hash ^ hash >> 32) % slots);
    }
    std::uint64_t at(Slot slot) const
    {
        return (*partition_versions_)[slot].load(std::memory_order_acquire) + all_.load(std::memory_order_acquire);
    }
    void advance(Slot slot) { (*partition_versions_)[slot].fetch_add(1, std::memory_order_acq_rel); }
    // For a store that others write to as well: what was read from it is forgotten from time to time.
    void advance_all() { all_.fetch_add(1, std::memory_order_acq_rel); }

private:
    static constexpr std::size_t slots = 1 << 16;
    std::unique_ptr<std::array<std::atomic<std::uint64_t>, slots>> partition_versions_;
    std::atomic<std::uint64_t> all_ = 0; // added to each
};

} // namespace estante
