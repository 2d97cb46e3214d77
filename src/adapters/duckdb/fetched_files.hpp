// The cache of Parquet files that were fetched from a lake on another machine.
#pragma once

#include <cstdint>
#include <filesystem>

namespace estante::duck {

// Removes the least recently used files until at most `max_bytes` remain. Recently used files stay, because a report
// may still read them.
void trim_fetched_files(const std::filesystem::path& folder, std::uint64_t max_bytes);

} // namespace estante::duck
