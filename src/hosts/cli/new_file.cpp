#include "hosts/cli/new_file.hpp"

#include "adapters/filesystem/posix_file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace estante {

namespace fs = std::filesystem;

NewFile::NewFile(fs::path place, bool replace)
    : place_(std::move(place)),
      replace_(replace),
      made_(place_.parent_path() / fmt::format(".{}.{}.unfinished", place_.filename().native(), ::getpid()))
{
    std::error_code ignored;
    if (!fs::is_directory(place_.parent_path(), ignored))
        throw std::runtime_error(fmt::format("there is no folder {}", place_.parent_path().native()));
    refuse_if_taken();
    fs::remove(made_, ignored); // of one that died
}

NewFile::~NewFile()
{
    std::error_code ignored;
    fs::remove(made_, ignored);
}

void NewFile::keep()
{
    filesystem::PosixFile(made_, O_RDONLY).sync();
    refuse_if_taken();
    if (replace_) {
        fs::rename(made_, place_);
    } else {
        std::error_code error;
        fs::create_hard_link(made_, place_, error); // unlike a rename it never replaces
        if (error == std::errc::file_exists)
            refuse_if_taken();
        if (error)
            throw std::runtime_error(fmt::format("{}: {}", place_.native(), error.message()));
        fs::remove(made_);
    }
    filesystem::sync_folder(place_.parent_path());
}

void NewFile::refuse_if_taken() const
{
    std::error_code ignored;
    const auto there = fs::symlink_status(place_, ignored);
    if (!fs::exists(there))
        return;
    if (!replace_)
        throw std::runtime_error(fmt::format("{} is there already; --overwrite replaces it", place_.native()));
    if (!fs::is_regular_file(there))
        throw std::runtime_error(fmt::format("{} is no file that could be replaced", place_.native()));
}

} // namespace estante
