// What is in a folder, in the order of the keys, and kept: a walk in pages through a large folder reads it once.
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
    std::string piece{}; // what it adds to the key
    std::string name{};
    bool folder = false;
};

// By `piece` in byte order. Since no piece of a file holds a '/' and that of a folder ends in one, or is a part that
// goes on below and that no other piece begins with, walking folders where they stand gives all keys in byte order.
using FolderEntries = std::vector<FolderEntry>;

// Any thread.
class FolderListing {
public:
    // Empty when there is no such folder. Shows all that was made before the call, by any process: what is kept counts
    // only while the folder's time of change stands, and is not kept while that is so young that another change could
    // leave it as it is.
    std::shared_ptr<const FolderEntries> of(const std::filesystem::path& folder);

private:
    struct Kept {
        std::int64_t changed_ns = 0;
        std::shared_ptr<const FolderEntries> entries;
    };
    std::mutex mutex_;
    std::map<std::string, Kept> kept_;
    std::size_t kept_entries_ = 0;

    void keep(const std::string& folder, Kept kept);
};

} // namespace estante::filesystem
