#include "hosts/cli/atomic_file.hpp"

#include "adapters/filesystem/posix_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace estante {

namespace fs = std::filesystem;

AtomicFile::AtomicFile(fs::path path, bool replace)
    : path_(std::move(path)),
      replace_(replace),
      temporary_path_(path_.parent_path() / fmt::format(".{}.{}.unfinished", path_.filename().native(), ::getpid()))
{
    std::error_code ignored;
    if (!fs::is_directory(path_.parent_path(), ignored))
        throw std::runtime_error(fmt::format("there is no folder {}", path_.parent_path().native()));
    check_path();
    fs::remove(temporary_path_, ignored); // left by a process that died
}

AtomicFile::~AtomicFile()
{
    std::error_code ignored;
    fs::remove(temporary_path_, ignored);
}

void AtomicFile::commit()
{
    filesystem::PosixFile(temporary_path_, O_RDONLY).sync();
    check_path();
    if (replace_) {
        fs::rename(temporary_path_, path_);
    } else {
        std::error_code error;
        fs::create_hard_link(temporary_path_, path_, error); // unlike rename, it never replaces
        if (error == std::errc::file_exists)
            check_path();
        if (error)
            throw std::runtime_error(fmt::format("{}: {}", path_.native(), error.message()));
        fs::remove(temporary_path_);
    }
    filesystem::sync_folder(path_.parent_path());
}

void AtomicFile::check_path() const
{
    std::error_code ignored;
    const auto status = fs::symlink_status(path_, ignored);
    if (!fs::exists(status))
        return;
    if (!replace_)
        throw std::runtime_error(fmt::format("{} already exists; --overwrite replaces it", path_.native()));
    if (!fs::is_regular_file(status))
        throw std::runtime_error(fmt::format("{} is not a regular file and cannot be replaced", path_.native()));
}

} // namespace estante
