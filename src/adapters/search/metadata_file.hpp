// The small metadata files of the index, which are replaced as a whole: a magic number, the version, the values, and a
// CRC-32 of all that precedes it. Numbers are little-endian. A text is its length in bytes (4 bytes) and its bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace estante::search {

class MetadataWriter {
public:
    explicit MetadataWriter(std::string_view magic); // 8 bytes

    template <class T>
        requires std::is_integral_v<T>
    void put(T number)
    {
        bytes_.append(reinterpret_cast<const char*>(&number), sizeof(T));
    }
    void put(std::string_view text);
    std::string finish();

private:
    std::string bytes_;
};

// Throws DamagedFile in the constructor, or when a value is read past the end.
class MetadataReader {
public:
    MetadataReader(std::string_view bytes, std::string_view magic);

    template <class T>
        requires std::is_integral_v<T>
    T number()
    {
        T value{};
        const auto bytes = read(sizeof(T));
        bytes.copy(reinterpret_cast<char*>(&value), sizeof(T));
        return value;
    }
    std::string text() { return std::string(read(number<std::uint32_t>())); }
    void expect_end() const;

private:
    std::string_view read(std::size_t count);

    std::string_view rest_;
};

// Replaces the file atomically and durably: after a crash it has the old or the new content. Throws std::system_error;
// then it has the old content.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

// nullopt: the file does not exist. Throws std::system_error.
std::optional<std::string> read_file(const std::filesystem::path& path);

} // namespace estante::search
