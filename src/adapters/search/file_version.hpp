// The version of the index files. A file of another version is not read; its index is rebuilt.
#pragma once

#include <cstdint>

namespace estante::search {

struct FileVersion {
    std::uint32_t format = 2; // the layout of the bytes (docs/search-format.md)
    std::uint32_t analysis =
        1; // how texts become terms, completion keys and sort orders: src/analysis, segment_builder.cpp and ICU

    bool operator==(const FileVersion&) const = default;
};

} // namespace estante::search
