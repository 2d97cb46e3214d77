#include "adapters/filesystem/folder_listing.hpp"

#include "adapters/filesystem/key_paths.hpp"
#include "adapters/filesystem/open_file.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace estante::filesystem {

namespace {

constexpr std::size_t most_kept_entries = 500'000; // of all folders; some 100 bytes each
// The kernel's clock for files ticks every 10 ms at the slowest (CONFIG_HZ=100).
constexpr std::int64_t settled_after_ns = 50'000'000;

bool is_of_kind(int folder, const dirent& entry, unsigned char kind, mode_t mode)
{
    if (entry.d_type != DT_UNKNOWN)
        return entry.d_type == kind;
    struct stat status{};
    return ::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && (status.st_mode & S_IFMT) == mode;
}

FolderEntries read_entries(const OpenFile& folder)
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
    while (const dirent* entry = ::readdir(stream.get())) { // NOLINT(concurrency-mt-unsafe): a stream of its own
        const std::string name = entry->d_name;
        const bool is_folder = is_of_kind(folder.descriptor(), *entry, DT_DIR, S_IFDIR);
        std::optional<std::string> piece;
        if (is_folder)
            piece = key_piece_of_folder(name);
        else if (is_of_kind(folder.descriptor(), *entry, DT_REG, S_IFREG))
            piece = key_piece_of_file(name);
        if (piece)
            entries.push_back({.piece = std::move(*piece), .name = name, .folder = is_folder});
        errno = 0;
    }
    if (errno != 0)
        throw_errno("read a folder");
    std::ranges::sort(entries, {}, &FolderEntry::piece);
    return entries;
}

} // namespace

std::shared_ptr<const FolderEntries> FolderListing::of(const std::filesystem::path& folder)
{
    const auto file = OpenFile::if_there(folder, O_RDONLY | O_DIRECTORY);
    if (!file.is_open())
        return std::make_shared<const FolderEntries>();
    const auto begun_ns = now_ns();
    const auto changed_ns = modified_ns_of(file.status());
    {
        const std::lock_guard lock(mutex_);
        if (const auto kept = kept_.find(folder.native()); kept != kept_.end() && kept->second.changed_ns == changed_ns)
            return kept->second.entries;
    }
    auto entries = std::make_shared<const FolderEntries>(read_entries(file));
    if (begun_ns - changed_ns > settled_after_ns)
        keep(folder.native(), {.changed_ns = changed_ns, .entries = entries});
    return entries;
}

void FolderListing::keep(const std::string& folder, Kept kept)
{
    const std::lock_guard lock(mutex_);
    if (const auto old = kept_.find(folder); old != kept_.end()) {
        kept_entries_ -= old->second.entries->size() + 1;
        kept_.erase(old);
    }
    if (kept_entries_ + kept.entries->size() >= most_kept_entries) {
        kept_.clear();
        kept_entries_ = 0;
    }
    kept_entries_ += kept.entries->size() + 1;
    kept_.emplace(folder, std::move(kept));
}

} // namespace estante::filesystem
