// The files of one index: immutable segments, and the manifest that lists the current ones. A save writes new segments,
// then the manifest, and then removes unreferenced segments. So a crash leaves the old or the new index.
#pragma once

#include "adapters/search/manifest.hpp"
#include "adapters/search/tenant_index.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace estante::search {

// Not thread-safe.
class IndexFiles {
public:
    explicit IndexFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    bool has_manifest() const;
    // The number of the save that wrote the manifest. nullopt: it is missing or damaged.
    std::optional<std::uint64_t> last_save() const;
    // Loads the saved index and verifies every checksum. Throws DamagedFile with the file's name and the cause, or
    // std::system_error.
    IndexContents load();
    // Durable when it returns. Throws std::system_error; then the previous save remains valid.
    void save(const IndexContents& contents, std::uint64_t save);
    // Releases the segments in memory and keeps the files.
    void release();
    void remove();

private:
    struct SavedSegment {
        std::shared_ptr<const Segment> segment{};
        std::uint64_t number = 0;
        SegmentFile file{};
    };

    std::filesystem::path folder_;
    std::vector<SavedSegment> saved_; // the segments in memory that have a file
    std::uint64_t last_number_ = 0;   // of a segment file; 0: not read from the folder yet

    std::filesystem::path segment_path(std::uint64_t number) const;
    std::vector<std::uint64_t> segment_numbers() const;
    void remove_unreferenced() const;
};

} // namespace estante::search
