// Where objects are written before they take their place, and the locks under which they take it.
//
// The folder `.staging`, a name that no key has, is on the file system of the objects. Each open store has a folder of
// its own in it, locked for as long as the store lives; what a killed process left is removed when the next one opens.
#pragma once

#include "adapters/filesystem/open_file.hpp"

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

    // A name that nothing has yet.
    std::filesystem::path fresh();
    // Held until the file is closed. One holder for a key at a time, among all threads and processes.
    OpenFile lock_key(std::string_view key) const;

private:
    std::filesystem::path folder_;
    std::filesystem::path own_;
    OpenFile own_lock_;
    std::atomic<std::uint64_t> made_ = 0;

    void remove_abandoned() const;
};

// A file in the making; removed unless it was moved to its place.
class StagedFile {
public:
    explicit StagedFile(Staging& staging);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    ~StagedFile();

    const OpenFile& file() const { return file_; }
    void finish() const; // its bytes become durable
    // Atomically, over what is there. The folder is there.
    void move_to(const std::filesystem::path& path);

private:
    std::filesystem::path path_;
    OpenFile file_;
    bool moved_ = false;
};

} // namespace estante::filesystem
