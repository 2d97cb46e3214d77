// What a partition key tells by itself.
#pragma once

#include <string_view>

namespace estante {

// Where an engine that keeps the checkpoints of its change stream among the items keeps them, in the table of users.
// They belong to the engine: they are no part of the stream and are not moved.
inline constexpr std::string_view checkpoints_partition = "operator#STREAM";

// Whose it is: what stands before the first '#'.
inline std::string_view tenant_of(std::string_view partition)
{
    return partition.substr(0, partition.find('#'));
}

} // namespace estante
