// Backups of the store's file. write_backup and verify_file read the whole file, which takes seconds for gigabytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace estante::sqlite {

// Writes a snapshot of the store to a new file (mode 0600) while reads and writes of the store continue. The file and
// its folder are synced. Throws SqliteError and std::system_error; then the new file is removed.
void write_backup(const std::string& store, const std::filesystem::path& to);

// Checks the integrity of a file and returns how many items it holds. Throws std::runtime_error or SqliteError for a
// file that is damaged, of another program or of a newer version.
std::int64_t verify_file(const std::filesystem::path& path);

// Syncs a file, or the entries of a folder. Throws std::system_error.
void sync_to_disk(const std::filesystem::path& path);

} // namespace estante::sqlite
