// Which files make up a shop's index, and what has been removed since they were written: its file `manifest`.
#pragma once

#include "adapters/search/segment_file.hpp"
#include "adapters/search/tombstones.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

struct Manifest {
    struct Part {
        std::uint64_t number = 0; // of the file
        SegmentFile file{};
        std::vector<std::uint64_t> deleted{}; // a bit a book; empty: none
    };

    std::uint64_t save = 0; // number of the save that wrote it
    std::vector<Part> parts{};
    std::vector<Tombstone> tombstones{}; // oldest first
};

std::string encode(const Manifest& manifest);
Manifest decode_manifest(std::string_view bytes); // throws DamagedFile

} // namespace estante::search
