// How far an index folder as a whole is complete: its file `checkpoint`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

struct IndexCheckpoint {
    std::string id{};       // of this folder's life, new whenever all of it is begun anew
    std::string position{}; // of the change stream: all changes up to it are in the shops' files
    std::string previous{}; // of the save before: the stream may have been told no later one yet
    std::uint64_t save = 0; // number of the last save that was finished
    std::int64_t at_ms = 0; // when

    bool operator==(const IndexCheckpoint&) const = default;
};

std::string encode(const IndexCheckpoint& checkpoint);
// Nothing for bytes that are no checkpoint of this version.
std::optional<IndexCheckpoint> decode_checkpoint(std::string_view bytes);

} // namespace estante::search
