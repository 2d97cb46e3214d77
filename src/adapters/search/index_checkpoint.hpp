// The file `checkpoint` of an index folder: up to which position of the change stream the folder is complete.
#pragma once

#include "ports/durable_search_index.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

std::string encode(const IndexCheckpoint& checkpoint);
// nullopt: the bytes are not a checkpoint of this version.
std::optional<IndexCheckpoint> decode_checkpoint(std::string_view bytes);

} // namespace estante::search
