// Copies of the store's file. The first two block for as long as it takes to read the file: seconds for gigabytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace estante::sqlite {

// The store as it is now, into a file that is not there yet (mode 0600); reads and writes of the store go on. Synced
// with its folder. Throws Failure and std::system_error; what was written by then is removed.
void write_backup(const std::string& store, const char* vfs, const std::filesystem::path& to);

// How many items it holds. Throws std::runtime_error, or Failure, for a file that is damaged, of another program or of
// a newer version.
std::int64_t check_file(const std::filesystem::path& path);

// A file, or the entries of a folder. Throws std::system_error.
void sync_to_disk(const std::filesystem::path& path);

} // namespace estante::sqlite
