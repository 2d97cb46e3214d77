// Small files of the index that are replaced as a whole: a magic, the version, values, and a CRC-32 of all before it.
// Numbers are little-endian; a text is its length in bytes (4 bytes) and the bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace estante::search {

class RecordWriter {
public:
    explicit RecordWriter(std::string_view magic); // 8 bytes

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

// Throws DamagedFile, at once or when more is asked for than there is.
class RecordReader {
public:
    RecordReader(std::string_view bytes, std::string_view magic);

    template <class T>
        requires std::is_integral_v<T>
    T number()
    {
        T value{};
        const auto bytes = take(sizeof(T));
        bytes.copy(reinterpret_cast<char*>(&value), sizeof(T));
        return value;
    }
    std::string text() { return std::string(take(number<std::uint32_t>())); }
    void end() const; // nothing more may follow

private:
    std::string_view take(std::size_t count);

    std::string_view rest_;
};

// Atomic and durable: after a crash the file is the old or the new one. Throws std::system_error; then it is the old
// one.
void replace_file(const std::filesystem::path& path, std::string_view bytes);

// Absent: there is no such file. Throws std::system_error.
std::optional<std::string> read_file(const std::filesystem::path& path);

} // namespace estante::search
