#include "adapters/filesystem/object_writer.hpp"

#include "adapters/filesystem/object_etag.hpp"
#include "adapters/filesystem/object_path.hpp"
#include "adapters/filesystem/posix_file.hpp"
#include "ports/rules/object_rules.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <latch>
#include <ranges>
#include <set>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <vector>

namespace estante::filesystem {

namespace fs = std::filesystem;

namespace {

std::vector<const NewObject*> last_of_each_key(std::span<const NewObject> batch)
{
    std::set<std::string_view> keys;
    std::vector<const NewObject*> objects;
    for (const NewObject& object : std::views::reverse(batch)) {
        if (keys.insert(object.key).second)
            objects.push_back(&object);
    }
    return objects;
}

} // namespace

ObjectWriter::ObjectWriter(const fs::path& root, std::size_t sync_threads)
    : root_(root), folders_(root), staging_(root), sync_threads_(sync_threads), sync_pool_(sync_threads)
{
}

ObjectWriter::~ObjectWriter()
{
    sync_pool_.join();
}

Result<std::string, ObjectError> ObjectWriter::put(std::string_view key, StagedFile& staged, const IfObject& condition)
{
    auto etag = put_without_folder_sync(key, staged, condition);
    if (etag)
        sync_folder((root_ / to_object_path(key)).parent_path());
    return etag;
}

Result<std::string, ObjectError> ObjectWriter::put_without_folder_sync(std::string_view key, StagedFile& staged,
                                                                       const IfObject& condition)
{
    const auto relative = to_object_path(key);
    const auto path = root_ / relative;
    folders_.create(relative.parent_path());
    const auto lock = staging_.lock_key(key);
    struct stat current{};
    const bool exists = ::lstat(path.c_str(), &current) == 0;
    if (!exists && errno != ENOENT)
        throw_errno("stat " + path.native());
    if ((condition.absent && exists) || (condition.etag && (!exists || etag_of(current) != *condition.etag)))
        return object_error(ObjectError::Code::precondition_failed,
                            fmt::format("'{}' does not match the condition of the put", key));
    // The ETag must change even within one tick of the clock, or after the clock was set back.
    if (exists && modified_ns_of(staged.file().status()) <= modified_ns_of(current))
        staged.file().set_modified_time(modified_ns_of(current) + 1);
    move_to(relative, staged);
    return etag_of(staged.file().status());
}

void ObjectWriter::move_to(const fs::path& relative, StagedFile& staged)
{
    try {
        staged.move_to(root_ / relative);
    } catch (const std::system_error& error) {
        if (error.code() != std::errc::no_such_file_or_directory)
            throw;
        folders_.forget(); // an operator has removed the folder
        folders_.create(relative.parent_path());
        staged.move_to(root_ / relative);
    }
}

// Calls `work(0)` to `work(count - 1)` on the pool, because each call waits for the disk.
template <class Work> void ObjectWriter::run_parallel(std::size_t count, const Work& work)
{
    const auto threads = std::min(sync_threads_, count);
    std::latch done(static_cast<std::ptrdiff_t>(threads));
    std::atomic<std::size_t> next = 0;
    std::vector<std::exception_ptr> errors(threads);
    for (std::size_t thread = 0; thread < threads; ++thread) {
        boost::asio::post(sync_pool_, [&, thread] {
            try {
                for (auto i = next++; i < count; i = next++)
                    work(i);
            } catch (...) {
                errors[thread] = std::current_exception();
            }
            done.count_down();
        });
    }
    done.wait();
    for (const auto& error : errors) {
        if (error)
            std::rethrow_exception(error);
    }
}

// All files are written before the first is synced. Then one commit of the file system's journal covers many files, and
// the disk flushes its cache once for all syncs that wait at the same time. The renames run in parallel too: on a file
// system that discards freed blocks, replacing a file also waits for the disk.
void ObjectWriter::put_batch(std::span<const NewObject> batch)
{
    const auto objects = last_of_each_key(batch);
    std::vector<StagedFile> staged;
    staged.reserve(objects.size());
    for (const NewObject* object : objects) {
        const PosixFile& file = staged.emplace_back(staging_).file();
        file.write(object->bytes);
        ::sync_file_range(file.descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE); // starts the write-back; finish() waits
    }
    run_parallel(staged.size(), [&](std::size_t i) { staged[i].finish(); });
    run_parallel(staged.size(), [&](std::size_t i) {
        if (const auto put = put_without_folder_sync(objects[i]->key, staged[i], {}); !put)
            throw std::logic_error(put.error().detail);
    });
    std::set<fs::path> changed;
    for (const NewObject* object : objects)
        changed.insert((root_ / to_object_path(object->key)).parent_path());
    for (const auto& folder : changed)
        sync_folder(folder);
}

} // namespace estante::filesystem
