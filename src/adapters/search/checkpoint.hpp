// How far an index folder as a whole is complete: its file `checkpoint`.
#pragma once

#include "ports/durable_search_index.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

std::string encode(const IndexCheckpoint& checkpoint);
// Nothing for bytes that are no checkpoint of this version.
std::optional<IndexCheckpoint> decode_checkpoint(std::string_view bytes);

} // namespace estante::search
