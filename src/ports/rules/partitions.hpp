// What can be read from a partition key alone.
#pragma once

#include <string_view>

namespace estante {

// The partition of table users in which an engine stores the checkpoints of its change stream, if it stores them as
// items. They belong to the engine: they are not part of the stream and are not copied with a shop.
inline constexpr std::string_view checkpoints_partition = "operator#STREAM";

// The owner of the partition: the text before the first '#'.
inline std::string_view tenant_of(std::string_view partition)
{
    return partition.substr(0, partition.find('#'));
}

} // namespace estante
