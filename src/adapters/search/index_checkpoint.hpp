// The file `checkpoint` of an index folder: up to which position of the change stream the folder is complete.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

struct IndexCheckpoint {
    std::string id{};       // changes when the folder is recreated
    std::string position{}; // of the change stream: all changes up to it are in the files
    std::string previous{}; // of the save before: the stream may have acknowledged only this one
    std::uint64_t save = 0; // number of the last complete save
    std::int64_t at_ms = 0; // time of the save

    bool operator==(const IndexCheckpoint&) const = default;
};

std::string encode(const IndexCheckpoint& checkpoint);
// nullopt: the bytes are not a checkpoint of this version.
std::optional<IndexCheckpoint> decode_checkpoint(std::string_view bytes);

} // namespace estante::search
