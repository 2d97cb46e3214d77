// Segment files (docs/search-format.md). A segment that is read consists of views into the mapped file; nothing is
// decoded.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>

namespace estante::search {

// A file that is truncated, altered, of another version, or of another kind.
class DamagedFile : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Identifies the content of a segment file, so that another segment under the same name is detected.
struct SegmentFile {
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0; // of the header, which contains the checksums of all sections

    bool operator==(const SegmentFile&) const = default;
};

// The file is synced when it returns; its folder is not. Throws std::system_error, for example when the disk is full;
// then the file may be incomplete.
SegmentFile write_segment(const Segment& segment, const std::filesystem::path& path);

// Verifies all checksums and the consistency of the arrays. Throws DamagedFile, or std::system_error when the file
// cannot be opened or mapped.
std::shared_ptr<const Segment> read_segment(const std::filesystem::path& path, const SegmentFile& expected);

// The same for bytes in memory, aligned to 64 bytes, which must outlive the segment.
enum class Checksums { verified, ignored };
std::shared_ptr<Segment> parse_segment(std::span<const std::byte> file, Checksums checksums = Checksums::verified);

} // namespace estante::search
