#include "adapters/filesystem/posix_file.hpp"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace estante::filesystem {

namespace {

constexpr std::size_t buffer_bytes = 1UL << 20;
constexpr mode_t private_mode = 0600;

int open_at(const std::filesystem::path& path, int flags)
{
    int descriptor = -1;
    do
        descriptor = ::open(path.c_str(), flags | O_CLOEXEC, private_mode);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

} // namespace

void throw_errno(const std::string& operation)
{
    throw std::system_error(errno, std::generic_category(), operation);
}

PosixFile::PosixFile(const std::filesystem::path& path, int flags) : descriptor_(open_at(path, flags))
{
    if (descriptor_ < 0)
        throw_errno("open " + path.native());
}

PosixFile::PosixFile(PosixFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

PosixFile& PosixFile::operator=(PosixFile&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

PosixFile::~PosixFile()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

PosixFile PosixFile::open_if_exists(const std::filesystem::path& path, int flags)
{
    PosixFile file;
    file.descriptor_ = open_at(path, flags);
    if (file.descriptor_ < 0 && errno != ENOENT && errno != ENOTDIR)
        throw_errno("open " + path.native());
    return file;
}

struct stat PosixFile::status() const
{
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0)
        throw_errno("fstat");
    return status;
}

void PosixFile::sync() const
{
    if (::fsync(descriptor_) != 0)
        throw_errno("fsync");
}

void PosixFile::lock(int operation) const
{
    while (::flock(descriptor_, operation) != 0) {
        if (errno != EINTR)
            throw_errno("flock");
    }
}

void PosixFile::set_modified_time(std::int64_t modified_ns) const
{
    const timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                               {.tv_sec = modified_ns / 1'000'000'000L, .tv_nsec = modified_ns % 1'000'000'000L}};
    if (::futimens(descriptor_, times) != 0)
        throw_errno("futimens");
}

void PosixFile::write(std::string_view bytes) const
{
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            throw_errno("write");
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

std::string PosixFile::read_all(std::uint64_t size_bytes) const
{
    std::string bytes(size_bytes, '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto count = ::read(descriptor_, bytes.data() + at, bytes.size() - at);
        if (count < 0 && errno != EINTR)
            throw_errno("read");
        if (count == 0)
            break;
        at += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    bytes.resize(at);
    return bytes;
}

void PosixFile::copy_to(const PosixFile& other) const
{
    std::string buffer(buffer_bytes, '\0');
    for (;;) {
        const auto count = ::read(descriptor_, buffer.data(), buffer.size());
        if (count < 0 && errno != EINTR)
            throw_errno("read");
        if (count == 0)
            return;
        other.write({buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0});
    }
}

std::int64_t now_ns()
{
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000L + now.tv_nsec;
}

void sync_folder(const std::filesystem::path& folder)
{
    PosixFile(folder, O_RDONLY | O_DIRECTORY).sync();
}

} // namespace estante::filesystem
