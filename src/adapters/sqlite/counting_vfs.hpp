// The platform's file layer with one addition: it counts the syncs that reach the disk (fsync, fdatasync), of the
// database and of its WAL.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace estante::sqlite {

// Registered with SQLite under its own name while it lives; it outlives the connections that are opened with it.
class CountingVfs {
public:
    CountingVfs();
    ~CountingVfs();
    CountingVfs(const CountingVfs&) = delete;
    CountingVfs& operator=(const CountingVfs&) = delete;

    const char* name() const { return name_.c_str(); }
    std::uint64_t syncs() const { return vfs_.syncs.load(std::memory_order_relaxed); }

private:
    struct Vfs : sqlite3_vfs {
        sqlite3_vfs* platform = nullptr;
        std::atomic<std::uint64_t> syncs = 0;
    };
    struct File;

    Vfs vfs_;
    std::string name_;

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags);
    static int sync(sqlite3_file* file, int flags);
};

} // namespace estante::sqlite
