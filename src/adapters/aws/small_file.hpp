// A file that holds a token.
#pragma once

#include <optional>
#include <string>

namespace estante::aws {

// Without white space at its end; nothing when it cannot be read, is empty or over 64 KiB.
std::optional<std::string> read_small_file(const std::string& path);

} // namespace estante::aws
