// An open file (RAII around a POSIX descriptor). Every member blocks and throws std::system_error on failure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace estante::filesystem {

class PosixFile {
public:
    PosixFile() = default;
    // As open(2), always with O_CLOEXEC. A created file has mode 0600.
    PosixFile(const std::filesystem::path& path, int flags);
    PosixFile(PosixFile&& other) noexcept;
    PosixFile& operator=(PosixFile&& other) noexcept;
    ~PosixFile();

    // The result is not open when the file or its folder does not exist.
    static PosixFile open_if_exists(const std::filesystem::path& path, int flags);

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    struct stat status() const;
    void sync() const;
    void lock(int operation) const; // as flock(2)
    void set_modified_time(std::int64_t modified_ns) const;
    void write(std::string_view bytes) const;
    std::string read_all(std::uint64_t size_bytes) const;
    // Copies from this file's current position to its end.
    void copy_to(const PosixFile& other) const;

private:
    int descriptor_ = -1;
};

inline std::int64_t modified_ns_of(const struct stat& status)
{
    return status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec;
}

std::int64_t now_ns(); // UTC, since 1970

// Makes creations, renames and removals in the folder durable.
void sync_folder(const std::filesystem::path& folder);

[[noreturn]] void throw_errno(const std::string& operation);

} // namespace estante::filesystem
