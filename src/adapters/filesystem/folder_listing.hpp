// The entries of a folder in key order, cached: listing a large folder page by page reads it once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace estante::filesystem {

struct FolderEntry {
    std::string key_part{}; // what the entry adds to the key
    std::string name{};
    bool is_folder = false;
};

// Sorted by `key_part` in byte order. A depth-first walk yields all keys in byte order, because the part of a file
// holds no '/', and the part of a folder either ends in '/' or is the first 80 bytes of a longer part, which no other
// part begins with.
using FolderEntries = std::vector<FolderEntry>;

// Any thread.
class FolderListing {
public:
    // Empty when the folder does not exist. Includes every entry created before the call, by any process: a cached list
    // is valid while the folder's modification time is unchanged, and a list is not cached while that time is so recent
    // that another change within the same clock tick would not alter it.
    std::shared_ptr<const FolderEntries> entries(const std::filesystem::path& folder);

private:
    struct CachedFolder {
        std::int64_t changed_ns = 0;
        std::shared_ptr<const FolderEntries> entries;
    };
    std::mutex mutex_;
    std::map<std::string, CachedFolder> cache_;
    std::size_t cached_entries_ = 0;

    void add_to_cache(const std::string& folder, CachedFolder cached);
};

} // namespace estante::filesystem
