// gzip (RFC 1952), whole texts at once, over zlib.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

// The same bytes for the same text: no name and no time is in them. Throws std::runtime_error without memory.
std::string gzip(std::string_view data);

// Nothing when it is no whole gzip text or is longer than `most_bytes`. What follows the text's end is ignored.
std::optional<std::string> gunzip(std::string_view data, std::size_t most_bytes);

} // namespace estante
