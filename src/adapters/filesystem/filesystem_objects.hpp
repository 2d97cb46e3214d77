// The object store in a folder of this machine. A key is its own path in it, so that other programs can read the lake
// (key_paths.hpp says what becomes of unusual keys).
//
// Several stores, in any processes, may be open on one folder. A put writes and syncs a file in `.staging`, takes the
// key's lock, looks at the condition, renames, and syncs the folder. Nothing here waits on an event loop.
#pragma once

#include "ports/object_store.hpp"

#include <filesystem>
#include <memory>

namespace estante {

struct FilesystemObjectsOptions {
    unsigned threads = 8;       // that read, write and sync
    unsigned sync_threads = 32; // that wait for the disk when many files are put at once
};

// Makes the folder. Throws std::runtime_error with one line when it cannot be used.
std::unique_ptr<ObjectStore> create_filesystem_objects(const std::filesystem::path& folder,
                                                       FilesystemObjectsOptions options = {});

} // namespace estante
