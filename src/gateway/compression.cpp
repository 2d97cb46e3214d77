#include "gateway/compression.hpp"

#include <algorithm>

namespace estante {

bool accepts_gzip(std::string_view accept_encoding)
{
    while (!accept_encoding.empty()) {
        const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
        auto coding = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        coding.remove_prefix(std::min(coding.find_first_not_of(' '), coding.size()));
        if (coding.starts_with("gzip"))
            return coding.find(";q=0") == coding.npos || coding.find(";q=0.") != coding.npos;
    }
    return false;
}

} // namespace estante
