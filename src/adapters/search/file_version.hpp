// What files of the index are made by. A file of another version is not read: its shop is rebuilt.
#pragma once

#include <cstdint>

namespace estante::search {

struct FileVersion {
    std::uint32_t format = 2;   // how the bytes are laid out (docs/search-format.md)
    std::uint32_t analysis = 1; // how texts become terms, forms and orders: src/analysis, segment_builder.cpp and ICU

    bool operator==(const FileVersion&) const = default;
};

} // namespace estante::search
