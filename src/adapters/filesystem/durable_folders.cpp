#include "adapters/filesystem/durable_folders.hpp"

#include "adapters/filesystem/posix_file.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace estante::filesystem {

namespace {

constexpr std::size_t max_known_folders = 100'000;
constexpr mode_t private_folder_mode = 0700;

} // namespace

void DurableFolders::forget()
{
    const std::lock_guard lock(mutex_);
    synced_.clear();
}

void DurableFolders::create(const std::filesystem::path& folder)
{
    if (folder.empty())
        return;
    {
        const std::lock_guard lock(mutex_);
        if (synced_.contains(folder.native()))
            return;
    }
    create(folder.parent_path());
    const auto path = root_ / folder;
    if (::mkdir(path.c_str(), private_folder_mode) != 0 && errno != EEXIST)
        throw_errno("create " + path.native());
    sync_folder(path.parent_path());
    const std::lock_guard lock(mutex_);
    if (synced_.size() >= max_known_folders)
        synced_.clear();
    synced_.insert(folder.native());
}

} // namespace estante::filesystem
