// The item store and its change stream in memory, for tests and trials: nothing survives, and changes are kept for
// good.
#pragma once

#include "cache/partition_versions.hpp"
#include "ports/clock.hpp"
#include "ports/item_store.hpp"
#include "ports/store.hpp"

#include <memory>

namespace estante {

// `stamps`, when given, advances as with every store. Clock and stamps outlive the store.
std::unique_ptr<Store> create_memory_store(Clock& clock, PartitionVersions* partition_versions = nullptr);

// The items alone, where nothing follows the changes.
std::unique_ptr<ItemStore> create_memory_item_store(Clock& clock);

} // namespace estante
