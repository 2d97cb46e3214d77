// How far a processor has come in the shards of the three tables' streams.
#pragma once

#include "domain/value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace estante::dynamodb {

struct ShardPlace {
    std::string sequence{};                 // of the last record that was acknowledged; empty: none yet
    bool done = false;                      // the shard is closed and all of it was acknowledged
    std::optional<std::int64_t> since_ms{}; // without a sequence: what was committed before is not wanted

    bool operator==(const ShardPlace&) const = default;
};

// By "{table}/{shard id}". A shard that is not named is read from its oldest record.
using Checkpoint = std::map<std::string, ShardPlace>;

Map to_map(const Checkpoint& checkpoint);
Checkpoint checkpoint_from(const Map& map); // what is no place is left out

} // namespace estante::dynamodb
