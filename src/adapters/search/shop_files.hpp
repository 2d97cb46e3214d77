// The files of one shop's index: segments that never change, and the manifest that names those that count. A save
// writes what is new, then the manifest, and only then removes what no manifest names: a crash leaves the old index or
// the new.
#pragma once

#include "adapters/search/manifest.hpp"
#include "adapters/search/tenant_index.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace estante::search {

// Thread rules: one caller at a time.
class ShopFiles {
public:
    explicit ShopFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    bool has_manifest() const;
    // The number of the save that the shop was last part of; nothing if it has no files, or its manifest is damaged.
    std::optional<std::uint64_t> last_save() const;
    // What was saved; every checksum is verified. Throws DamagedFile with the file's name and what is wrong with it, or
    // std::system_error.
    IndexContents load();
    // Durable when it answers. Throws std::system_error; then what was saved before still counts.
    void save(const IndexContents& contents, std::uint64_t save);
    // Nothing stays in memory; the files do.
    void forget();
    void remove();

private:
    struct Known {
        std::shared_ptr<const Segment> segment{};
        std::uint64_t number = 0;
        SegmentFile file{};
    };

    std::filesystem::path folder_;
    std::vector<Known> known_; // the segments in memory that are in files too
    std::uint64_t next_ = 0;   // number of the next file; 0: not known yet

    std::filesystem::path segment_path(std::uint64_t number) const;
    std::vector<std::uint64_t> numbers() const;
    void remove_unnamed() const;
};

} // namespace estante::search
