// The partitions that a value was made from, each with its version from before the read.
#pragma once

#include "cache/partition_versions.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace estante {

// The partition versions outlive it.
class ReadSet {
public:
    explicit ReadSet(const PartitionVersions& partition_versions) : partition_versions_(&partition_versions) {}

    // Call it before the partition is read.
    void add(Table table, std::string_view partition)
    {
        const auto slot = PartitionVersions::slot_of(table, partition);
        reads_.emplace_back(slot, partition_versions_->at(slot));
    }
    // Whether none of the partitions has been written since.
    bool is_valid() const
    {
        for (const auto& [slot, version] : reads_) {
            if (partition_versions_->at(slot) != version)
                return false;
        }
        return true;
    }
    std::size_t size() const { return reads_.size(); }

private:
    const PartitionVersions* partition_versions_;
    std::vector<std::pair<PartitionVersions::Slot, std::uint64_t>> reads_;
};

} // namespace estante
