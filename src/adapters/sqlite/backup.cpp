#include "adapters/sqlite/backup.hpp"

#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante::sqlite {

namespace {

constexpr int busy_timeout_ms = 5'000;

void create_private_file(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        throw std::system_error(errno, std::generic_category(), path.string());
    ::close(file);
}

} // namespace

void sync_to_disk(const std::filesystem::path& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const int error = errno;
    if (file >= 0)
        ::close(file);
    if (!synced)
        throw std::system_error(error, std::generic_category(), path.string());
}

void write_backup(const std::string& store, const std::filesystem::path& to)
{
    create_private_file(to);
    try {
        // VACUUM INTO reads one snapshot, which in WAL mode blocks no writer, and does not copy deleted rows.
        Connection connection(store, Connection::Access::write, busy_timeout_ms);
        Statement(connection, "VACUUM INTO ?1").run(to.string());
        sync_to_disk(to);
        sync_to_disk(to.has_parent_path() ? to.parent_path() : ".");
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(to, ignored);
        throw;
    }
}

std::int64_t verify_file(const std::filesystem::path& path)
{
    Connection connection(path.string(), Connection::Access::read, busy_timeout_ms);
    check_schema(connection);
    Statement check(connection, "PRAGMA integrity_check(1)");
    auto rows = check.rows();
    std::string result(rows.next() ? rows.text(0) : "no result");
    std::ranges::replace(result, '\n', ' ');
    if (result != "ok")
        throw std::runtime_error(fmt::format("the file is damaged: {}", result));
    return count_items(connection);
}

} // namespace estante::sqlite
