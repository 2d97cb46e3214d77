#include "adapters/duckdb/fetched_files.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <vector>

namespace estante::duck {

namespace fs = std::filesystem;

namespace {

constexpr auto min_age = std::chrono::minutes(10); // since the last use: longer than any report

} // namespace

void trim_fetched_files(const fs::path& folder, std::uint64_t max_bytes)
{
    struct File {
        fs::file_time_type last_used;
        std::uint64_t bytes;
        fs::path path;
    };
    std::error_code error;
    std::vector<File> files;
    std::uint64_t bytes = 0;
    for (auto entry = fs::recursive_directory_iterator(folder, error); !error && entry != fs::end(entry);
         entry.increment(error)) {
        if (!entry->is_regular_file(error))
            continue;
        files.push_back({entry->last_write_time(error), entry->file_size(error), entry->path()});
        bytes += files.back().bytes;
    }
    std::ranges::sort(files, {}, &File::last_used);
    for (const File& file : files) {
        if (bytes <= max_bytes || file.last_used > fs::file_time_type::clock::now() - min_age)
            return;
        fs::remove(file.path, error);
        bytes -= file.bytes;
    }
}

} // namespace estante::duck
