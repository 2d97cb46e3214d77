// Creates folders that survive a power failure.
#pragma once

#include <filesystem>
#include <mutex>
#include <unordered_set>

namespace estante::filesystem {

// Any thread.
class DurableFolders {
public:
    explicit DurableFolders(std::filesystem::path root) : root_(std::move(root)) {}

    // Creates `folder` (relative to the root) and its parents where they are missing. Durable when it returns, even if
    // another process created them: this process syncs each into its parent once. The store never removes a folder.
    void create(const std::filesystem::path& folder);
    // Clears the list of synced folders, after somebody else has removed one.
    void forget();

private:
    std::filesystem::path root_;
    std::mutex mutex_;
    std::unordered_set<std::string> synced_;
};

} // namespace estante::filesystem
