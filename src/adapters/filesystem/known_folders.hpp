// Makes folders that are there after a power failure too.
#pragma once

#include <filesystem>
#include <mutex>
#include <unordered_set>

namespace estante::filesystem {

// Any thread.
class KnownFolders {
public:
    explicit KnownFolders(std::filesystem::path root) : root_(std::move(root)) {}

    // Makes `folder` (relative to the root) and all above it, as far as they are missing. Durable when it returns,
    // whoever made them: each is synced into its parent once by this process. A store never removes a folder.
    void make(const std::filesystem::path& folder);
    // Somebody else has removed one.
    void forget();

private:
    std::filesystem::path root_;
    std::mutex mutex_;
    std::unordered_set<std::string> durable_;
};

} // namespace estante::filesystem
