// Reads a file that contains a token.
#pragma once

#include <optional>
#include <string>

namespace estante::aws {

// Without trailing white space. Nothing when the file cannot be read, is empty or is larger than 64 KiB.
std::optional<std::string> read_token_file(const std::string& path);

} // namespace estante::aws
