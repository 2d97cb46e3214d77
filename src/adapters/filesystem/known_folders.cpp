#include "adapters/filesystem/known_folders.hpp"

#include "adapters/filesystem/open_file.hpp"

#include <cerrno>
#include <sys/stat.h>

namespace estante::filesystem {

namespace {

constexpr std::size_t most_known = 100'000;
constexpr mode_t private_folder_mode = 0700;

} // namespace

void KnownFolders::forget()
{
    const std::lock_guard lock(mutex_);
    durable_.clear();
}

void KnownFolders::make(const std::filesystem::path& folder)
{
    if (folder.empty())
        return;
    {
        const std::lock_guard lock(mutex_);
        if (durable_.contains(folder.native()))
            return;
    }
    make(folder.parent_path());
    const auto path = root_ / folder;
    if (::mkdir(path.c_str(), private_folder_mode) != 0 && errno != EEXIST)
        throw_errno("make " + path.native());
    sync_folder(path.parent_path());
    const std::lock_guard lock(mutex_);
    if (durable_.size() >= most_known)
        durable_.clear();
    durable_.insert(folder.native());
}

} // namespace estante::filesystem
