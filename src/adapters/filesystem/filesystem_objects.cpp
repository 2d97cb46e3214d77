#include "adapters/filesystem/filesystem_objects.hpp"

#include "adapters/filesystem/folder_listing.hpp"
#include "adapters/filesystem/key_paths.hpp"
#include "adapters/filesystem/known_folders.hpp"
#include "adapters/filesystem/open_file.hpp"
#include "adapters/filesystem/staging.hpp"
#include "ports/rules/object_rules.hpp"
#include "runtime/offload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <latch>
#include <ranges>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante {

namespace fs = std::filesystem;

namespace filesystem {

namespace {

constexpr std::size_t batch_files = 256; // open at once

using Code = ObjectError::Code;

std::string etag_of(const struct stat& status)
{
    return fmt::format("{:x}-{:x}-{:x}", modified_ns_of(status), status.st_size, status.st_ino);
}

// What `work` answers; what it throws about files as a failure of the store.
template <class T, class Work> Result<T, ObjectError> held(Work work)
{
    try {
        return work();
    } catch (const std::system_error& error) {
        const auto code = error.code() == std::errc::filename_too_long ? Code::invalid : Code::unavailable;
        return object_error(code, error.what());
    }
}

// A file of the caller's.
Result<OpenFile, ObjectError> callers_file(const fs::path& path, int flags)
{
    try {
        return OpenFile(path, flags);
    } catch (const std::system_error& error) {
        const bool full = error.code() == std::errc::no_space_on_device;
        return object_error(full ? Code::unavailable : Code::invalid, error.what());
    }
}

// One page in the making: a walk through the folders in the order of the keys.
class Walk {
public:
    Walk(FolderListing& listing, const fs::path& root, const std::string& prefix,
         const std::optional<std::string>& after, std::size_t limit)
        : listing_(listing), root_(root), prefix_(prefix), after_(after.value_or("")), limit_(limit)
    {
    }

    ObjectPage page()
    {
        visit(root_, "");
        return std::move(page_);
    }

private:
    FolderListing& listing_;
    const fs::path& root_;
    const std::string& prefix_;
    const std::string after_; // no key is ""
    const std::size_t limit_;
    ObjectPage page_;

    // False: the page is full, or no further key begins with the prefix.
    bool visit(const fs::path& folder, const std::string& base)
    {
        const auto entries = listing_.of(folder);
        for (auto at = first_of_interest(*entries, base); at != entries->end(); ++at) {
            const auto key = base + at->piece;
            const bool below_prefix = key.starts_with(prefix_);
            if (!below_prefix && !(at->folder && prefix_.starts_with(key))) {
                if (key > prefix_)
                    return false;
                continue;
            }
            const bool goes_on = at->folder ? (key > after_ || after_.starts_with(key)) : key > after_;
            if (goes_on && !(at->folder ? visit(folder / at->name, key) : add(folder / at->name, key)))
                return false;
        }
        return true;
    }

    // Keys before the later of `after` and the prefix are passed over without a look at each.
    FolderEntries::const_iterator first_of_interest(const FolderEntries& entries, const std::string& base) const
    {
        const std::string_view from = std::max(after_, prefix_);
        if (!from.starts_with(base))
            return entries.begin();
        const auto rest = from.substr(base.size());
        auto at = std::ranges::lower_bound(entries, rest, {}, &FolderEntry::piece);
        if (at != entries.begin() && rest.starts_with(std::prev(at)->piece))
            --at; // the folder that `from` is in
        return at;
    }

    bool add(const fs::path& path, const std::string& key)
    {
        struct stat status{};
        if (key.ends_with('/') || ::lstat(path.c_str(), &status) != 0)
            return true; // removed meanwhile
        if (page_.objects.size() == limit_) {
            page_.next = page_.objects.back().key;
            return false;
        }
        page_.objects.push_back({.key = key,
                                 .size_bytes = static_cast<std::uint64_t>(status.st_size),
                                 .etag = etag_of(status),
                                 .modified_ms = modified_ns_of(status) / 1'000'000});
        return true;
    }
};

class Objects final : public ObjectStore {
public:
    Objects(const fs::path& folder, FilesystemObjectsOptions options)
        : root_(folder),
          folders_(folder),
          staging_(folder),
          syncing_threads_(options.sync_threads),
          syncing_(options.sync_threads),
          pool_(options.threads)
    {
    }
    ~Objects() override
    {
        pool_.join();
        syncing_.join();
    }

    Task<Result<std::optional<Object>, ObjectError>> get(std::string key) override
    {
        using Answer = Result<std::optional<Object>, ObjectError>;
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Answer>(pool_, [this, key = std::move(key)] {
            return held<std::optional<Object>>([&]() -> Answer {
                const auto file = OpenFile::if_there(root_ / path_of_key(key), O_RDONLY);
                if (!file.is_open())
                    return std::nullopt;
                const auto status = file.status();
                const auto size = static_cast<std::uint64_t>(status.st_size);
                if (size > max_object_bytes)
                    return object_error(Code::invalid, fmt::format("'{}' has {} bytes: get it into a file", key, size));
                return Object{.bytes = file.read_all(size), .etag = etag_of(status)};
            });
        });
    }

    Task<Result<std::string, ObjectError>> put(std::string key, std::string bytes, IfObject condition) override
    {
        if (const auto valid = check_put(key, bytes.size(), condition); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<std::string, ObjectError>>(
            pool_, [this, key = std::move(key), bytes = std::move(bytes), condition = std::move(condition)] {
                return held<std::string>([&]() -> Result<std::string, ObjectError> {
                    StagedFile staged(staging_);
                    staged.file().write(bytes);
                    staged.finish();
                    return put_in_place(key, staged, condition, true);
                });
            });
    }

    Task<Result<void, ObjectError>> put_all(std::vector<NewObject> objects) override
    {
        for (const NewObject& object : objects) {
            if (const auto valid = check_put(object.key, object.bytes.size(), {}); !valid)
                co_return std::unexpected(valid.error());
        }
        co_return co_await offload<Result<void, ObjectError>>(pool_, [this, objects = std::move(objects)] {
            return held<void>([&]() -> Result<void, ObjectError> {
                for (std::size_t from = 0; from < objects.size(); from += batch_files)
                    put_batch(std::span(objects).subspan(from, std::min(batch_files, objects.size() - from)));
                return {};
            });
        });
    }

    Task<Result<std::string, ObjectError>> put_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<std::string, ObjectError>>(
            pool_, [this, key = std::move(key), path = std::move(file)] {
                return held<std::string>([&]() -> Result<std::string, ObjectError> {
                    const auto source = callers_file(path, O_RDONLY);
                    if (!source)
                        return std::unexpected(source.error());
                    StagedFile staged(staging_);
                    source->copy_to(staged.file());
                    staged.finish();
                    return put_in_place(key, staged, {}, true);
                });
            });
    }

    Task<Result<bool, ObjectError>> get_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<bool, ObjectError>>(
            pool_, [this, key = std::move(key), path = std::move(file)] {
                return held<bool>([&]() -> Result<bool, ObjectError> {
                    const auto source = OpenFile::if_there(root_ / path_of_key(key), O_RDONLY);
                    if (!source.is_open())
                        return false;
                    return write_whole(source, path);
                });
            });
    }

    Task<Result<ObjectPage, ObjectError>> list(std::string prefix, std::optional<std::string> after,
                                               std::size_t limit) override
    {
        if (const auto valid = check_listing(prefix, after, limit); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<ObjectPage, ObjectError>>(
            pool_, [this, prefix = std::move(prefix), after = std::move(after), limit] {
                return held<ObjectPage>([&]() -> Result<ObjectPage, ObjectError> {
                    return Walk(listing_, root_, prefix, after, limit).page();
                });
            });
    }

    Task<Result<void, ObjectError>> remove(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<void, ObjectError>>(pool_, [this, key = std::move(key)] {
            return held<void>([&]() -> Result<void, ObjectError> {
                const auto path = root_ / path_of_key(key);
                const auto lock = staging_.lock_key(key);
                if (::unlink(path.c_str()) == 0)
                    sync_folder(path.parent_path());
                else if (errno != ENOENT && errno != ENOTDIR)
                    throw_errno("remove " + path.native());
                return {};
            });
        });
    }

private:
    const fs::path root_;
    KnownFolders folders_;
    Staging staging_;
    FolderListing listing_;
    std::size_t syncing_threads_;
    boost::asio::thread_pool syncing_;
    boost::asio::thread_pool pool_;

    // Answers the ETag. `durable`: the folder is synced too.
    Result<std::string, ObjectError> put_in_place(std::string_view key, StagedFile& staged, const IfObject& condition,
                                                  bool durable)
    {
        const auto relative = path_of_key(key);
        const auto path = root_ / relative;
        folders_.make(relative.parent_path());
        {
            const auto lock = staging_.lock_key(key);
            struct stat now{};
            const bool there = ::lstat(path.c_str(), &now) == 0;
            if (!there && errno != ENOENT)
                throw_errno("look at " + path.native());
            if ((condition.absent && there) || (condition.etag && (!there || etag_of(now) != *condition.etag)))
                return object_error(Code::precondition_failed, fmt::format("'{}' is not as the put expects it", key));
            // The ETag must be another, also within one tick of a clock, or when that was set back.
            if (there && modified_ns_of(staged.file().status()) <= modified_ns_of(now))
                staged.file().touch(modified_ns_of(now) + 1);
            move_to(relative, staged);
        }
        if (durable)
            sync_folder(path.parent_path());
        return etag_of(staged.file().status());
    }

    void move_to(const fs::path& relative, StagedFile& staged)
    {
        try {
            staged.move_to(root_ / relative);
        } catch (const std::system_error& error) {
            if (error.code() != std::errc::no_such_file_or_directory)
                throw;
            folders_.forget(); // an operator has removed the folder
            folders_.make(relative.parent_path());
            staged.move_to(root_ / relative);
        }
    }

    // `work(0)` to `work(count - 1)`, many at a time: each waits for the disk.
    template <class Work> void side_by_side(std::size_t count, const Work& work)
    {
        const auto threads = std::min(syncing_threads_, count);
        std::latch done(static_cast<std::ptrdiff_t>(threads));
        std::atomic<std::size_t> next = 0;
        std::vector<std::exception_ptr> errors(threads);
        for (std::size_t thread = 0; thread < threads; ++thread) {
            boost::asio::post(syncing_, [&, thread] {
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

    // All files are written before the first is synced, so that one commit of the file system's journal serves many,
    // and the disk answers the syncs that wait at the same time with one flush of its cache. They take their places
    // side by side too: where the file system discards what is freed, replacing a file waits for the disk as well.
    void put_batch(std::span<const NewObject> batch)
    {
        const auto objects = last_of_each_key(batch);
        std::vector<StagedFile> staged;
        staged.reserve(objects.size());
        for (const NewObject* object : objects) {
            const OpenFile& file = staged.emplace_back(staging_).file();
            file.write(object->bytes);
            ::sync_file_range(file.descriptor(), 0, 0, SYNC_FILE_RANGE_WRITE); // begins; `finish` waits
        }
        side_by_side(staged.size(), [&](std::size_t i) { staged[i].finish(); });
        side_by_side(staged.size(), [&](std::size_t i) {
            if (const auto put = put_in_place(objects[i]->key, staged[i], {}, false); !put)
                throw std::logic_error(put.error().detail);
        });
        std::set<fs::path> changed;
        for (const NewObject* object : objects)
            changed.insert((root_ / path_of_key(object->key)).parent_path());
        for (const auto& folder : changed)
            sync_folder(folder);
    }

    static std::vector<const NewObject*> last_of_each_key(std::span<const NewObject> batch)
    {
        std::set<std::string_view> keys;
        std::vector<const NewObject*> objects;
        for (const NewObject& object : std::views::reverse(batch)) {
            if (keys.insert(object.key).second)
                objects.push_back(&object);
        }
        return objects;
    }

    Result<bool, ObjectError> write_whole(const OpenFile& source, const fs::path& path)
    {
        auto unfinished = path;
        unfinished += fmt::format(".{}.part", staging_.fresh().filename().native());
        const auto file = callers_file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file)
            return std::unexpected(file.error());
        try {
            source.copy_to(*file);
        } catch (...) {
            ::unlink(unfinished.c_str());
            throw;
        }
        if (::rename(unfinished.c_str(), path.c_str()) == 0)
            return true;
        const auto cause = std::generic_category().message(errno);
        ::unlink(unfinished.c_str());
        return object_error(Code::invalid, fmt::format("cannot replace {}: {}", path.native(), cause));
    }
};

// Keys that differ in case alone are different keys.
void refuse_folder_without_case(const fs::path& folder)
{
    const auto probe = folder / fmt::format(".case-{}", ::getpid());
    auto other = folder / fmt::format(".CASE-{}", ::getpid());
    const OpenFile made(probe, O_WRONLY | O_CREAT);
    const bool blind = OpenFile::if_there(other, O_RDONLY).is_open();
    fs::remove(probe);
    if (blind)
        throw std::runtime_error(
            fmt::format("cannot use {}: its file system does not tell upper from lower case", folder.native()));
}

} // namespace

} // namespace filesystem

std::unique_ptr<ObjectStore> create_filesystem_objects(const fs::path& folder, FilesystemObjectsOptions options)
{
    try {
        fs::create_directories(folder);
        filesystem::refuse_folder_without_case(folder);
        return std::make_unique<filesystem::Objects>(folder, options);
    } catch (const std::system_error& error) {
        throw std::runtime_error(fmt::format("cannot use {}: {}", folder.native(), error.what()));
    }
}

} // namespace estante
