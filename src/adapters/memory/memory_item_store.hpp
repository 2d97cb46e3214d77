// The item store and its change stream in memory, for tests and trials: nothing is persisted, and changes are never
// deleted.
#pragma once

#include "cache/partition_versions.hpp"
#include "ports/clock.hpp"
#include "ports/item_store.hpp"
#include "ports/store.hpp"

#include <memory>

namespace estante {

// Advances `partition_versions`, if given, as every store does. The clock and the versions outlive the store.
std::unique_ptr<Store> create_memory_store(Clock& clock, PartitionVersions* partition_versions = nullptr);

} // namespace estante
