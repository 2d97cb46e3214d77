#include "adapters/sqlite/sqlite_store.hpp"

#include "adapters/sqlite/backup.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/counting_vfs.hpp"
#include "adapters/sqlite/own_thread.hpp"
#include "adapters/sqlite/readers.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_changes.hpp"
#include "adapters/sqlite/sqlite_items.hpp"
#include "adapters/sqlite/writer.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante {

namespace {

using namespace sqlite;

// The file holds what only its owner may read; its WAL takes over the mode.
void make_private(const std::string& path)
{
    if (const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR); file >= 0)
        ::close(file);
}

Connection open_for_writing(const std::string& path, const CountingVfs& vfs, int busy_timeout_ms)
{
    make_private(path);
    Connection connection(path, Connection::Access::write, vfs.name(), busy_timeout_ms);
    {
        Statement wal(connection, "PRAGMA journal_mode = WAL");
        auto rows = wal.rows();
        if (!rows.next() || rows.text(0) != "wal")
            throw std::runtime_error("its file system cannot share memory between processes, which the WAL needs");
    }
    // The WAL is written back after 1,000 pages of 4 KB. Who waits for that is the slowest one in a hundred: with 4,000
    // pages he waited half as long again, at the same throughput.
    connection.run("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864; "
                   "PRAGMA cache_size = -32000");
    prepare_schema(connection);
    return connection;
}

std::string cause_of(const Failure& failure, const std::filesystem::path& path)
{
    std::error_code ignored;
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    switch (failure.code()) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return "the file is damaged or is no database";
    case SQLITE_BUSY:
        return "another process has it locked";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "the file is not writable";
    case SQLITE_FULL:
        return "the disk is full";
    case SQLITE_CANTOPEN:
        if (!std::filesystem::is_directory(folder, ignored))
            return fmt::format("there is no folder {}", folder.string());
        if (std::filesystem::is_directory(path, ignored))
            return "it is a folder";
        return fmt::format("the folder {} is not writable", folder.string());
    default:
        return failure.what();
    }
}

class OpenStore final : public SqliteStore {
public:
    OpenStore(const std::string& path, Clock& clock, PartitionVersions& partition_versions,
              const SqliteOptions& options)
        : path_(path),
          connection_(open_for_writing(path, vfs_, options.busy_timeout_ms)),
          readers_(path, vfs_.name(), options.busy_timeout_ms),
          writer_(connection_, clock, partition_versions, options),
          items_(readers_, writer_, clock),
          changes_(readers_, writer_)
    {
    }

    ItemStore& items() override { return items_; }
    ChangeStream& changes() override { return changes_; }
    SqliteCounters counters() const override
    {
        return {.groups = writer_.groups(), .transactions = writer_.transactions(), .syncs = vfs_.syncs()};
    }
    StoreResult<std::int64_t> count_items() override
    {
        return readers_.read([](Reader& reader) { return reader.count_items(); });
    }
    Task<StoreResult<std::size_t>> sweep() override
    {
        Sweep step;
        if (auto committed = co_await writer_.commit(step); !committed)
            co_return std::unexpected(std::move(committed.error()));
        co_return step.removed;
    }
    Task<StoreResult<void>> backup(std::filesystem::path to) override
    {
        std::string cause;
        co_await on_own_thread([&] {
            try {
                write_backup(path_, vfs_.name(), to);
            } catch (const std::exception& error) {
                cause = error.what();
            }
        });
        if (!cause.empty())
            co_return std::unexpected(StoreError{.code = StoreError::Code::unavailable, .detail = std::move(cause)});
        co_return StoreResult<void>();
    }

private:
    std::string path_;
    CountingVfs vfs_;
    Connection connection_;
    Readers readers_;
    Writer writer_;
    Items items_;
    Changes changes_;
};

} // namespace

std::unique_ptr<SqliteStore> create_sqlite_store(const std::filesystem::path& path, Clock& clock,
                                                 PartitionVersions& partition_versions, const SqliteOptions& options)
{
    const auto refused = [&path](const std::string& cause) {
        return StoreOpenError(fmt::format("cannot open the store {}: {}", path.string(), cause));
    };
    try {
        return std::make_unique<OpenStore>(path.string(), clock, partition_versions, options);
    } catch (const Failure& failure) {
        throw refused(cause_of(failure, path));
    } catch (const std::runtime_error& error) {
        throw refused(error.what());
    }
}

std::int64_t check_sqlite_file(const std::filesystem::path& path)
{
    const auto refused = [&path](const std::string& cause) {
        return StoreOpenError(fmt::format("cannot use {}: {}", path.string(), cause));
    };
    try {
        return check_file(path);
    } catch (const Failure& failure) {
        throw refused(cause_of(failure, path));
    } catch (const std::runtime_error& error) {
        throw refused(error.what());
    }
}

} // namespace estante
