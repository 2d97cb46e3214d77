// Puts objects into the folder: each file is written and synced in the staging area, then renamed into its place.
#pragma once

#include "adapters/filesystem/durable_folders.hpp"
#include "adapters/filesystem/staging.hpp"
#include "ports/object_store.hpp"

#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace estante::filesystem {

// Any thread. Every member blocks and throws std::system_error.
class ObjectWriter {
public:
    // `sync_threads`: how many files of a batch wait for the disk at the same time.
    ObjectWriter(const std::filesystem::path& root, std::size_t sync_threads);
    ~ObjectWriter();
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;

    Staging& staging() { return staging_; }
    // Moves a finished file to the key and returns its ETag. Durable when it returns. Errors: precondition_failed.
    Result<std::string, ObjectError> put(std::string_view key, StagedFile& staged, const IfObject& condition);
    // Unconditional. Of several objects with one key the last wins. All are durable when it returns.
    void put_batch(std::span<const NewObject> batch);

private:
    const std::filesystem::path root_;
    DurableFolders folders_;
    Staging staging_;
    std::size_t sync_threads_;
    boost::asio::thread_pool sync_pool_;

    Result<std::string, ObjectError> put_without_folder_sync(std::string_view key, StagedFile& staged,
                                                             const IfObject& condition);
    void move_to(const std::filesystem::path& relative, StagedFile& staged);
    template <class Work> void run_parallel(std::size_t count, const Work& work);
};

} // namespace estante::filesystem
