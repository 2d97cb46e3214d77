// A segment as a file: docs/search-format.md. What is read stays where it is: the segment's arrays are places in the
// mapped file.
#pragma once

#include "adapters/search/segment.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>

namespace estante::search {

// A file that is not what was written: cut off, altered, of another version, or never ours.
class DamagedFile : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What else must be the same when the file is read: a file of another segment under its name is noticed.
struct SegmentFile {
    std::uint64_t bytes = 0;
    std::uint32_t checksum = 0; // of the header, which holds the checksums of all sections

    bool operator==(const SegmentFile&) const = default;
};

// Durable when it answers, but for the name in its folder. Throws std::system_error (a full disk); then the file may be
// there in part.
SegmentFile write_segment(const Segment& segment, const std::filesystem::path& path);

// Verifies all checksums, and that no look-up can lead outside of the arrays. Throws DamagedFile, or std::system_error
// when the file cannot be opened or mapped.
std::shared_ptr<const Segment> read_segment(const std::filesystem::path& path, const SegmentFile& expected);

// The same of bytes that begin at a multiple of 64; they must outlive the segment. `checked`: whether checksums count.
enum class Checksums { verified, passed_over };
std::shared_ptr<Segment> segment_in(std::span<const std::byte> file, Checksums checksums = Checksums::verified);

} // namespace estante::search
