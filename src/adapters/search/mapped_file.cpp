#include "adapters/search/mapped_file.hpp"

#include "adapters/filesystem/posix_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>

namespace estante::search {

MappedFile::MappedFile(const std::filesystem::path& path)
{
    const filesystem::PosixFile file(path, O_RDONLY);
    const auto size = static_cast<std::size_t>(file.status().st_size);
    if (size == 0)
        return;
    void* memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
    if (memory == MAP_FAILED)
        filesystem::throw_errno("map " + path.native());
    bytes_ = {static_cast<const std::byte*>(memory), size};
}

MappedFile::~MappedFile()
{
    if (!bytes_.empty())
        ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

} // namespace estante::search
