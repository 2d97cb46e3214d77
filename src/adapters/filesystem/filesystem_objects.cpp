#include "adapters/filesystem/filesystem_objects.hpp"

#include "adapters/filesystem/folder_listing.hpp"
#include "adapters/filesystem/object_etag.hpp"
#include "adapters/filesystem/object_listing.hpp"
#include "adapters/filesystem/object_path.hpp"
#include "adapters/filesystem/object_writer.hpp"
#include "adapters/filesystem/posix_file.hpp"
#include "adapters/filesystem/staging.hpp"
#include "ports/rules/object_rules.hpp"
#include "runtime/offload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante {

namespace fs = std::filesystem;

namespace filesystem {

namespace {

constexpr std::size_t batch_files = 256; // that are open at the same time

using Code = ObjectError::Code;

// Returns the result of `work`. An I/O error that it throws becomes an error of the store.
template <class T, class Work> Result<T, ObjectError> catching_io_errors(Work work)
{
    try {
        return work();
    } catch (const std::system_error& error) {
        const auto code = error.code() == std::errc::filename_too_long ? Code::invalid : Code::unavailable;
        return object_error(code, error.what());
    }
}

// Opens a file that the caller named. A path that cannot be opened is the caller's mistake: `invalid`.
Result<PosixFile, ObjectError> open_caller_file(const fs::path& path, int flags)
{
    try {
        return PosixFile(path, flags);
    } catch (const std::system_error& error) {
        const bool full = error.code() == std::errc::no_space_on_device;
        return object_error(full ? Code::unavailable : Code::invalid, error.what());
    }
}

class Objects final : public ObjectStore {
public:
    Objects(const fs::path& folder, FilesystemObjectsOptions options)
        : root_(folder), writer_(folder, options.sync_threads), pool_(options.threads)
    {
    }
    ~Objects() override { pool_.join(); }

    Task<Result<std::optional<Object>, ObjectError>> get(std::string key) override
    {
        using Found = Result<std::optional<Object>, ObjectError>;
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Found>(pool_, [this, key = std::move(key)] {
            return catching_io_errors<std::optional<Object>>([&]() -> Found {
                const auto file = PosixFile::open_if_exists(root_ / to_object_path(key), O_RDONLY);
                if (!file.is_open())
                    return std::nullopt;
                const auto status = file.status();
                const auto size = static_cast<std::uint64_t>(status.st_size);
                if (size > max_object_bytes)
                    return object_error(Code::invalid,
                                        fmt::format("'{}' has {} bytes; read it with get_file", key, size));
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
                return catching_io_errors<std::string>([&]() -> Result<std::string, ObjectError> {
                    StagedFile staged(writer_.staging());
                    staged.file().write(bytes);
                    staged.finish();
                    return writer_.put(key, staged, condition);
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
            return catching_io_errors<void>([&]() -> Result<void, ObjectError> {
                for (std::size_t from = 0; from < objects.size(); from += batch_files)
                    writer_.put_batch(std::span(objects).subspan(from, std::min(batch_files, objects.size() - from)));
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
                return catching_io_errors<std::string>([&]() -> Result<std::string, ObjectError> {
                    const auto source = open_caller_file(path, O_RDONLY);
                    if (!source)
                        return std::unexpected(source.error());
                    StagedFile staged(writer_.staging());
                    source->copy_to(staged.file());
                    staged.finish();
                    return writer_.put(key, staged, {});
                });
            });
    }

    Task<Result<bool, ObjectError>> get_file(std::string key, fs::path file) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<bool, ObjectError>>(
            pool_, [this, key = std::move(key), path = std::move(file)] {
                return catching_io_errors<bool>([&]() -> Result<bool, ObjectError> {
                    const auto source = PosixFile::open_if_exists(root_ / to_object_path(key), O_RDONLY);
                    if (!source.is_open())
                        return false;
                    return write_atomically(source, path);
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
                return catching_io_errors<ObjectPage>([&]() -> Result<ObjectPage, ObjectError> {
                    return list_page(folders_, root_, prefix, after, limit);
                });
            });
    }

    Task<Result<void, ObjectError>> remove(std::string key) override
    {
        if (const auto valid = check_object_key(key); !valid)
            co_return std::unexpected(valid.error());
        co_return co_await offload<Result<void, ObjectError>>(pool_, [this, key = std::move(key)] {
            return catching_io_errors<void>([&]() -> Result<void, ObjectError> {
                const auto path = root_ / to_object_path(key);
                const auto lock = writer_.staging().lock_key(key);
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
    ObjectWriter writer_;
    FolderListing folders_;
    boost::asio::thread_pool pool_;

    Result<bool, ObjectError> write_atomically(const PosixFile& source, const fs::path& path)
    {
        auto unfinished = path;
        unfinished += fmt::format(".{}.part", writer_.staging().new_path().filename().native());
        const auto file = open_caller_file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
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

// Keys that differ only in case are different keys, so the file system must be case-sensitive.
void require_case_sensitive(const fs::path& folder)
{
    const auto probe = folder / fmt::format(".case-{}", ::getpid());
    auto other = folder / fmt::format(".CASE-{}", ::getpid());
    const PosixFile created(probe, O_WRONLY | O_CREAT);
    const bool ignores_case = PosixFile::open_if_exists(other, O_RDONLY).is_open();
    fs::remove(probe);
    if (ignores_case)
        throw std::runtime_error(fmt::format("cannot use {}: its file system is not case-sensitive", folder.native()));
}

} // namespace

} // namespace filesystem

std::unique_ptr<ObjectStore> create_filesystem_objects(const fs::path& folder, FilesystemObjectsOptions options)
{
    try {
        fs::create_directories(folder);
        filesystem::require_case_sensitive(folder);
        return std::make_unique<filesystem::Objects>(folder, options);
    } catch (const std::system_error& error) {
        throw std::runtime_error(fmt::format("cannot use {}: {}", folder.native(), error.what()));
    }
}

} // namespace estante
