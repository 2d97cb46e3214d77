#include "adapters/sqlite/counting_vfs.hpp"

#include <fmt/format.h>

#include <new>
#include <stdexcept>

namespace estante::sqlite {

// Stands behind the platform's own file object. The file's methods are a copy of the platform's with another xSync, so
// every other call goes to the platform directly.
struct CountingVfs::File {
    sqlite3_io_methods methods;
    int (*platform_sync)(sqlite3_file*, int);
    std::atomic<std::uint64_t>* syncs;
};

namespace {

int aligned(int size)
{
    return (size + 15) / 16 * 16;
}

} // namespace

CountingVfs::CountingVfs()
{
    sqlite3_vfs* platform = sqlite3_vfs_find(nullptr);
    if (!platform)
        throw std::runtime_error("SQLite has no file layer");
    static_cast<sqlite3_vfs&>(vfs_) = *platform;
    name_ = fmt::format("estante-{}", static_cast<const void*>(this));
    vfs_.platform = platform;
    vfs_.zName = name_.c_str();
    vfs_.pNext = nullptr;
    vfs_.szOsFile = aligned(platform->szOsFile) + static_cast<int>(sizeof(File));
    vfs_.xOpen = &open;
    if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK)
        throw std::runtime_error("SQLite refused a file layer");
}

CountingVfs::~CountingVfs()
{
    sqlite3_vfs_unregister(&vfs_);
}

int CountingVfs::open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags)
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

int CountingVfs::sync(sqlite3_file* file, int flags)
{
    const auto* counted = reinterpret_cast<const File*>(file->pMethods);
    counted->syncs->fetch_add(1, std::memory_order_relaxed);
    return counted->platform_sync(file, flags);
}

} // namespace estante::sqlite
