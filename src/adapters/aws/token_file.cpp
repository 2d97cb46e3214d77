#include "adapters/aws/token_file.hpp"

#include <fstream>

namespace estante::aws {

std::optional<std::string> read_token_file(const std::string& path)
{
    constexpr std::size_t max_bytes = 64 << 10;
    std::ifstream in(path, std::ios::binary);
    std::string text(max_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes)
        return std::nullopt;
    text.resize(text.find_last_not_of(" \t\r\n") + 1);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

} // namespace estante::aws
