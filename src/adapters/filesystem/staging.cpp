#include "adapters/filesystem/staging.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace estante::filesystem {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t key_locks = 256; // keys that share a lock only wait for each other

} // namespace

Staging::Staging(const fs::path& objects) : folder_(objects / ".staging")
{
    fs::create_directories(folder_);
    const PosixFile opening(folder_ / "opening", O_RDWR | O_CREAT);
    opening.lock(LOCK_EX); // so that nobody removes a folder that is created but not locked yet
    remove_abandoned();
    const auto prefix = fmt::format("{}-", ::getpid());
    for (std::uint64_t n = 0; own_.empty(); ++n) {
        if (const auto candidate = folder_ / (prefix + std::to_string(n)); fs::create_directory(candidate))
            own_ = candidate;
    }
    own_lock_ = PosixFile(own_, O_RDONLY | O_DIRECTORY);
    own_lock_.lock(LOCK_SH);
}

Staging::~Staging()
{
    std::error_code ignored;
    fs::remove_all(own_, ignored);
}

void Staging::remove_abandoned() const
{
    for (const auto& entry : fs::directory_iterator(folder_)) {
        if (!entry.is_directory())
            continue;
        const auto folder = PosixFile::open_if_exists(entry.path(), O_RDONLY | O_DIRECTORY);
        if (folder.is_open() && ::flock(folder.descriptor(), LOCK_EX | LOCK_NB) == 0)
            fs::remove_all(entry.path());
    }
}

fs::path Staging::new_path()
{
    return own_ / std::to_string(++made_);
}

PosixFile Staging::lock_key(std::string_view key) const
{
    const auto number = std::hash<std::string_view>()(key) % key_locks;
    PosixFile lock(folder_ / fmt::format("key-{:02x}", number), O_RDWR | O_CREAT);
    lock.lock(LOCK_EX);
    return lock;
}

StagedFile::StagedFile(Staging& staging) : path_(staging.new_path()), file_(path_, O_RDWR | O_CREAT | O_EXCL) {}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::move(other.file_)), moved_(std::exchange(other.moved_, true))
{
}

StagedFile::~StagedFile()
{
    if (!moved_)
        ::unlink(path_.c_str());
}

void StagedFile::finish() const
{
    file_.set_modified_time(now_ns()); // the kernel's own file times only advance once a tick
    file_.sync();
}

void StagedFile::move_to(const fs::path& path)
{
    if (::rename(path_.c_str(), path.c_str()) != 0)
        throw_errno("rename to " + path.native());
    moved_ = true;
}

} // namespace estante::filesystem
