// The file `manifest` of an index: its segment files and the documents deleted since they were written.
#pragma once

#include "adapters/search/segment_file.hpp"
#include "adapters/search/tombstones.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

struct Manifest {
    struct SegmentEntry {
        std::uint64_t number = 0; // of the file
        SegmentFile file{};
        std::vector<std::uint64_t> deleted{}; // a bit per document; empty: none
    };

    std::uint64_t save = 0; // number of the save that wrote it
    std::vector<SegmentEntry> segments{};
    std::vector<Tombstone> tombstones{}; // oldest first
};

std::string encode(const Manifest& manifest);
Manifest decode_manifest(std::string_view bytes); // throws DamagedFile

} // namespace estante::search
