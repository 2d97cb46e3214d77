// The object store in a local folder. A key is the path of its file, so that other programs can read the lake
// (object_path.hpp defines the paths of unusual keys).
//
// Several stores, in any processes, may be open on one folder. A put writes and syncs a file in `.staging`, locks the
// key, checks the condition, renames the file, and syncs the folder. Blocking work runs on a thread pool.
#pragma once

#include "ports/object_store.hpp"

#include <filesystem>
#include <memory>

namespace estante {

struct FilesystemObjectsOptions {
    unsigned threads = 8;       // concurrent calls
    unsigned sync_threads = 32; // files of one put_all that wait for the disk at the same time
};

// Creates the folder if needed. Throws std::runtime_error with one line when the folder cannot be used.
std::unique_ptr<ObjectStore> create_filesystem_objects(const std::filesystem::path& folder,
                                                       FilesystemObjectsOptions options = {});

} // namespace estante
