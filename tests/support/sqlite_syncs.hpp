// Counts the fsync and fdatasync calls of SQLite: of the database and of its WAL.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <new>
#include <stdexcept>

namespace estante {

// A VFS that forwards to the platform's and counts its syncs. Once installed it is SQLite's default VFS until the
// process ends, because open connections refer to it.
class SyncCountingVfs {
public:
    static SyncCountingVfs& installed()
    {
        static SyncCountingVfs vfs;
        return vfs;
    }
    SyncCountingVfs(const SyncCountingVfs&) = delete;
    SyncCountingVfs& operator=(const SyncCountingVfs&) = delete;

    std::uint64_t syncs() const { return vfs_.syncs.load(std::memory_order_relaxed); }

private:
    struct Vfs : sqlite3_vfs {
        sqlite3_vfs* platform = nullptr;
        std::atomic<std::uint64_t> syncs = 0;
    };
    // Lies behind the platform's file object. Its methods are a copy of the platform's with another xSync, so every
    // other call reaches the platform directly.
    struct File {
        sqlite3_io_methods methods;
        int (*platform_sync)(sqlite3_file*, int);
        std::atomic<std::uint64_t>* syncs;
    };

    Vfs vfs_;

    SyncCountingVfs()
    {
        sqlite3_vfs* platform = sqlite3_vfs_find(nullptr);
        if (!platform)
            throw std::runtime_error("SQLite has no VFS");
        static_cast<sqlite3_vfs&>(vfs_) = *platform;
        vfs_.platform = platform;
        vfs_.zName = "sync-counting";
        vfs_.pNext = nullptr;
        vfs_.szOsFile = aligned(platform->szOsFile) + static_cast<int>(sizeof(File));
        vfs_.xOpen = &open;
        if (constexpr int as_default = 1; sqlite3_vfs_register(&vfs_, as_default) != SQLITE_OK)
            throw std::runtime_error("SQLite refused the VFS");
    }
    ~SyncCountingVfs() = default;

    static int aligned(int size) { return (size + 15) / 16 * 16; }
    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags)
    {
        auto* self = static_cast<Vfs*>(vfs);
        const int code = self->platform->xOpen(self->platform, name, file, flags, out_flags);
        if (!file->pMethods)
            return code;
        void* behind = reinterpret_cast<char*>(file) + aligned(self->platform->szOsFile);
        auto* counted = new (behind) File{*file->pMethods, file->pMethods->xSync, &self->syncs};
        counted->methods.xSync = &sync;
        file->pMethods = &counted->methods;
        return code;
    }
    static int sync(sqlite3_file* file, int flags)
    {
        const auto* counted = reinterpret_cast<const File*>(file->pMethods);
        counted->syncs->fetch_add(1, std::memory_order_relaxed);
        return counted->platform_sync(file, flags);
    }
};

} // namespace estante
