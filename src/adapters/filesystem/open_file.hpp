// A file that is open, and what is done with it. Everything blocks and throws std::system_error on failure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace estante::filesystem {

class OpenFile {
public:
    OpenFile() = default;
    // As open(2), always O_CLOEXEC; a file that is made has mode 0600.
    OpenFile(const std::filesystem::path& path, int flags);
    OpenFile(OpenFile&& other) noexcept;
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    // Not open when there is no such file or folder.
    static OpenFile if_there(const std::filesystem::path& path, int flags);

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    struct stat status() const;
    void sync() const;
    void lock(int how) const;                   // as flock(2)
    void touch(std::int64_t modified_ns) const; // sets the time of the last change
    void write(std::string_view bytes) const;
    std::string read_all(std::uint64_t size_bytes) const;
    // From this file's place to the end into the other, in pieces.
    void copy_to(const OpenFile& other) const;

private:
    int descriptor_ = -1;
};

inline std::int64_t modified_ns_of(const struct stat& status)
{
    return status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec;
}

std::int64_t now_ns(); // UTC, since 1970

// So that what was made, renamed or removed in it is durable.
void sync_folder(const std::filesystem::path& folder);

[[noreturn]] void throw_errno(const std::string& doing);

} // namespace estante::filesystem
