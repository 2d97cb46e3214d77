// The ETag of an object that is a file.
#pragma once

#include "adapters/filesystem/posix_file.hpp"

#include <fmt/format.h>

#include <string>
#include <sys/stat.h>

namespace estante::filesystem {

// Changes with every put: ObjectWriter gives a replaced file a later modification time than the file before it.
inline std::string etag_of(const struct stat& status)
{
    return fmt::format("{:x}-{:x}-{:x}", modified_ns_of(status), status.st_size, status.st_ino);
}

} // namespace estante::filesystem
