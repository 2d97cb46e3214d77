// The staging area, where objects are written before they are renamed into place, and the locks of the keys.
//
// It is the folder `.staging`, a name that no key has, on the file system of the objects. Each open store has its own
// folder in it and holds a lock on that folder. The next store that opens removes the folders that nobody locks: those
// of killed processes.
#pragma once

#include "adapters/filesystem/posix_file.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace estante::filesystem {

class Staging {
public:
    explicit Staging(const std::filesystem::path& objects);
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    // A path that no file has yet.
    std::filesystem::path new_path();
    // Locks the key among all threads and processes until the returned file is closed.
    PosixFile lock_key(std::string_view key) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path own_;
    PosixFile own_lock_;
    std::atomic<std::uint64_t> made_ = 0;

    void remove_abandoned() const;
};

// A file in the staging area. The destructor removes it unless move_to() was called.
class StagedFile {
public:
    explicit StagedFile(Staging& staging);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile();

    const PosixFile& file() const { return file_; }
    void finish() const; // syncs the bytes to disk
    // Renames the file atomically, replacing an existing one. The target's folder must exist.
    void move_to(const std::filesystem::path& path);

private:
    std::filesystem::path path_;
    PosixFile file_;
    bool moved_ = false;
};

} // namespace estante::filesystem
