// How far a processor has come in the shards of the three tables' change streams.
#pragma once

#include "domain/value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace estante::dynamodb {

struct ShardPosition {
    std::string sequence{};                 // of the last acknowledged record; empty: none yet
    bool done = false;                      // the shard is closed, and all of it was acknowledged
    std::optional<std::int64_t> since_ms{}; // without a sequence: skip records that were committed before

    bool operator==(const ShardPosition&) const = default;
};

// By "{table}/{shard id}". A shard without an entry is read from its oldest record.
using StreamCheckpoint = std::map<std::string, ShardPosition>;

Map to_map(const StreamCheckpoint& checkpoint);
StreamCheckpoint checkpoint_from(const Map& map); // skips entries of another shape

} // namespace estante::dynamodb
