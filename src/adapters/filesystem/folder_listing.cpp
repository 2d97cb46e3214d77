#include "adapters/filesystem/folder_listing.hpp"

#include "adapters/filesystem/object_path.hpp"
#include "adapters/filesystem/posix_file.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace estante::filesystem {

namespace {

constexpr std::size_t max_cached_entries = 500'000; // of all folders; about 100 bytes each
// The kernel updates file times once a tick, at most every 10 ms (CONFIG_HZ=100).
constexpr std::int64_t min_age_to_cache_ns = 50'000'000;

bool is_of_kind(int folder, const dirent& entry, unsigned char kind, mode_t mode)
{
    if (entry.d_type != DT_UNKNOWN)
        return entry.d_type == kind;
    struct stat status{};
    return ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && (status.st_mode & S_IFMT) == mode;
}

FolderEntries read_entries(const PosixFile& folder)
{
    struct Close {
        void operator()(DIR* stream) const { ::closedir(stream); }
    };
    const int descriptor = ::dup(folder.descriptor());
    const std::unique_ptr<DIR, Close> stream(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
    if (!stream)
        throw_errno("read a folder");
    FolderEntries entries;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) { // NOLINT(concurrency-mt-unsafe): the stream is local
        const std::string name = entry->d_name;
        const bool is_folder = is_of_kind(folder.descriptor(), *entry, DT_DIR, S_IFDIR);
        std::optional<std::string> key_part;
        if (is_folder)
            key_part = key_part_from_folder(name);
        else if (is_of_kind(folder.descriptor(), *entry, DT_REG, S_IFREG))
            key_part = key_part_from_file(name);
        if (key_part)
            entries.push_back({.key_part = std::move(*key_part), .name = name, .is_folder = is_folder});
        errno = 0;
    }
    if (errno != 0)
        throw_errno("read a folder");
    std::ranges::sort(entries, {}, &FolderEntry::key_part);
    return entries;
}

} // namespace

std::shared_ptr<const FolderEntries> FolderListing::entries(const std::filesystem::path& folder)
{
    const auto file = PosixFile::open_if_exists(folder, O_RDONLY | O_DIRECTORY);
    if (!file.is_open())
        return std::make_shared<const FolderEntries>();
    const auto read_at_ns = now_ns();
    const auto changed_ns = modified_ns_of(file.status());
    {
        const std::lock_guard lock(mutex_);
        if (const auto cached = cache_.find(folder.native());
            cached != cache_.end() && cached->second.changed_ns == changed_ns)
            return cached->second.entries;
    }
    auto entries = std::make_shared<const FolderEntries>(read_entries(file));
    if (read_at_ns - changed_ns > min_age_to_cache_ns)
        add_to_cache(folder.native(), {.changed_ns = changed_ns, .entries = entries});
    return entries;
}

void FolderListing::add_to_cache(const std::string& folder, CachedFolder cached)
{
    const std::lock_guard lock(mutex_);
    if (const auto old = cache_.find(folder); old != cache_.end()) {
        cached_entries_ -= old->second.entries->size() + 1;
        cache_.erase(old);
    }
    if (cached_entries_ + cached.entries->size() >= max_cached_entries) {
        cache_.clear();
        cached_entries_ = 0;
    }
    cached_entries_ += cached.entries->size() + 1;
    cache_.emplace(folder, std::move(cached));
}

} // namespace estante::filesystem
