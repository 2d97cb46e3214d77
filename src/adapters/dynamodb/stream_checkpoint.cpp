#include "adapters/dynamodb/stream_checkpoint.hpp"

namespace estante::dynamodb {

Map to_map(const StreamCheckpoint& checkpoint)
{
    Map map;
    for (const auto& [shard, position] : checkpoint) {
        Map entry;
        if (!position.sequence.empty())
            entry.emplace("sequence", position.sequence);
        if (position.done)
            entry.emplace("done", true);
        if (position.since_ms)
            entry.emplace("since_ms", *position.since_ms);
        map.emplace_hint(map.end(), shard, std::move(entry));
    }
    return map;
}

StreamCheckpoint checkpoint_from(const Map& map)
{
    StreamCheckpoint checkpoint;
    for (const auto& [shard, entry] : map) {
        const Map* fields = entry.if_map();
        if (!fields)
            continue;
        ShardPosition& position = checkpoint[shard];
        position.sequence = text_of(*fields, "sequence");
        position.done = find(*fields, "done") != nullptr;
        if (find(*fields, "since_ms"))
            position.since_ms = int_of(*fields, "since_ms");
    }
    return checkpoint;
}

} // namespace estante::dynamodb
