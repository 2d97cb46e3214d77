#include "adapters/search/record_file.hpp"

#include "adapters/filesystem/open_file.hpp"
#include "adapters/search/file_version.hpp"
#include "adapters/search/segment_file.hpp"

#include <zlib.h>

#include <bit>
#include <fcntl.h>

namespace estante::search {
namespace {

static_assert(std::endian::native == std::endian::little); // the files'

std::uint32_t crc32_of(std::string_view bytes)
{
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace

RecordWriter::RecordWriter(std::string_view magic) : bytes_(magic)
{
    constexpr FileVersion version;
    put(version.format);
    put(version.analysis);
}

void RecordWriter::put(std::string_view text)
{
    put(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
}

std::string RecordWriter::finish()
{
    put(crc32_of(bytes_));
    return std::move(bytes_);
}

RecordReader::RecordReader(std::string_view bytes, std::string_view magic) : rest_(bytes)
{
    constexpr auto sum_bytes = sizeof(std::uint32_t);
    if (bytes.size() < magic.size() + sizeof(FileVersion) + sum_bytes)
        throw DamagedFile("it is cut off");
    rest_ = bytes.substr(bytes.size() - sum_bytes);
    const auto sum = number<std::uint32_t>();
    rest_ = bytes.substr(0, bytes.size() - sum_bytes);
    if (crc32_of(rest_) != sum)
        throw DamagedFile("it has another checksum");
    if (take(magic.size()) != magic)
        throw DamagedFile("it is another file");
    const auto format = number<std::uint32_t>();
    if (const FileVersion version{format, number<std::uint32_t>()}; version != FileVersion{})
        throw DamagedFile("it is of another version");
}

std::string_view RecordReader::take(std::size_t count)
{
    if (count > rest_.size())
        throw DamagedFile("it ends too early");
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

void RecordReader::end() const
{
    if (!rest_.empty())
        throw DamagedFile("it goes on too long");
}

void replace_file(const std::filesystem::path& path, std::string_view bytes)
{
    auto fresh = path;
    fresh += ".new";
    const filesystem::OpenFile file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(bytes);
    file.sync();
    std::filesystem::rename(fresh, path);
    filesystem::sync_folder(path.parent_path());
}

std::optional<std::string> read_file(const std::filesystem::path& path)
{
    const auto file = filesystem::OpenFile::if_there(path, O_RDONLY);
    if (!file.is_open())
        return std::nullopt;
    return file.read_all(static_cast<std::uint64_t>(file.status().st_size));
}

} // namespace estante::search
