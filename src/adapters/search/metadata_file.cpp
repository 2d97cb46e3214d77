#include "adapters/search/metadata_file.hpp"

#include "adapters/filesystem/posix_file.hpp"
#include "adapters/search/file_version.hpp"
#include "adapters/search/segment_file.hpp"

#include <zlib.h>

#include <bit>
#include <fcntl.h>

namespace estante::search {
namespace {

static_assert(std::endian::native == std::endian::little); // as in the files

std::uint32_t crc32_of(std::string_view bytes)
{
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace

MetadataWriter::MetadataWriter(std::string_view magic) : bytes_(magic)
{
    constexpr FileVersion version;
    put(version.format);
    put(version.analysis);
}

void MetadataWriter::put(std::string_view text)
{
    put(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
}

std::string MetadataWriter::finish()
{
    put(crc32_of(bytes_));
    return std::move(bytes_);
}

MetadataReader::MetadataReader(std::string_view bytes, std::string_view magic) : rest_(bytes)
{
    constexpr auto checksum_bytes = sizeof(std::uint32_t);
    if (bytes.size() < magic.size() + sizeof(FileVersion) + checksum_bytes)
        throw DamagedFile("it is truncated");
    rest_ = bytes.substr(bytes.size() - checksum_bytes);
    const auto checksum = number<std::uint32_t>();
    rest_ = bytes.substr(0, bytes.size() - checksum_bytes);
    if (crc32_of(rest_) != checksum)
        throw DamagedFile("its checksum does not match");
    if (read(magic.size()) != magic)
        throw DamagedFile("it is not a file of this kind");
    const auto format = number<std::uint32_t>();
    if (const FileVersion version{format, number<std::uint32_t>()}; version != FileVersion{})
        throw DamagedFile("it has another version");
}

std::string_view MetadataReader::read(std::size_t count)
{
    if (count > rest_.size())
        throw DamagedFile("it ends too early");
    const auto bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
}

void MetadataReader::expect_end() const
{
    if (!rest_.empty())
        throw DamagedFile("it has bytes after its end");
}

void replace_file(const std::filesystem::path& path, std::string_view bytes)
{
    auto temporary = path;
    temporary += ".new";
    const filesystem::PosixFile file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(bytes);
    file.sync();
    std::filesystem::rename(temporary, path);
    filesystem::sync_folder(path.parent_path());
}

std::optional<std::string> read_file(const std::filesystem::path& path)
{
    const auto file = filesystem::PosixFile::open_if_exists(path, O_RDONLY);
    if (!file.is_open())
        return std::nullopt;
    return file.read_all(static_cast<std::uint64_t>(file.status().st_size));
}

} // namespace estante::search
