#include "adapters/dynamodb/checkpoint.hpp"

namespace estante::dynamodb {

Map to_map(const Checkpoint& checkpoint)
{
    Map map;
    for (const auto& [shard, place] : checkpoint) {
        Map entry;
        if (!place.sequence.empty())
            entry.emplace("sequence", place.sequence);
        if (place.done)
            entry.emplace("done", true);
        if (place.since_ms)
            entry.emplace("since_ms", *place.since_ms);
        map.emplace_hint(map.end(), shard, std::move(entry));
    }
    return map;
}

Checkpoint checkpoint_from(const Map& map)
{
    Checkpoint checkpoint;
    for (const auto& [shard, entry] : map) {
        const Map* place = entry.if_map();
        if (!place)
            continue;
        ShardPlace& read = checkpoint[shard];
        read.sequence = text_of(*place, "sequence");
        read.done = find(*place, "done") != nullptr;
        if (find(*place, "since_ms"))
            read.since_ms = int_of(*place, "since_ms");
    }
    return checkpoint;
}

} // namespace estante::dynamodb
