// A read-only memory mapping of a file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace estante::search {

class MappedFile {
public:
    // Throws std::system_error.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

} // namespace estante::search
