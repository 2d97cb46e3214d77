// gzip (RFC 1952) of whole texts, by zlib.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

// Deterministic: the output has no name and no time. Throws std::runtime_error if out of memory.
std::string gzip(std::string_view data);

// Nothing if the data is not a complete gzip member or its text is longer than `max_bytes`. Trailing bytes are ignored.
std::optional<std::string> gunzip(std::string_view data, std::size_t max_bytes);

} // namespace estante
