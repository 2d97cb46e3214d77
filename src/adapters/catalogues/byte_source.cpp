#include "adapters/catalogues/byte_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace estante::catalogues {

namespace {

class File : public ByteSource {
public:
    File(int descriptor, std::optional<std::uint64_t> size) : descriptor_(descriptor), size_(size) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() override { ::close(descriptor_); }

    std::size_t read(std::span<char> buffer) override
    {
        for (;;) {
            const auto count = ::read(descriptor_, buffer.data(), buffer.size());
            if (count >= 0)
                return static_cast<std::size_t>(count);
            if (errno != EINTR)
                throw std::system_error(errno, std::generic_category(), "reading a catalogue");
        }
    }
    std::optional<std::uint64_t> total_bytes() const override { return size_; }

private:
    int descriptor_;
    std::optional<std::uint64_t> size_; // nothing for a pipe
};

class Memory : public ByteSource {
public:
    explicit Memory(std::span<const std::byte> bytes) : rest_(bytes), size_(bytes.size()) {}

    std::size_t read(std::span<char> buffer) override
    {
        const auto count = std::min(buffer.size(), rest_.size());
        if (count > 0)
            std::memcpy(buffer.data(), rest_.data(), count);
        rest_ = rest_.subspan(count);
        return count;
    }
    std::optional<std::uint64_t> total_bytes() const override { return size_; }

private:
    std::span<const std::byte> rest_;
    std::uint64_t size_;
};

} // namespace

Result<std::unique_ptr<ByteSource>> file_source(const std::string& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || S_ISDIR(status.st_mode)) {
        if (descriptor >= 0)
            ::close(descriptor);
        return failure(Errc::not_found, fmt::format("No se puede leer el archivo {}.", path),
                       fmt::format("The file {} cannot be read.", path));
    }
    const bool regular = S_ISREG(status.st_mode);
    return std::make_unique<File>(descriptor, regular ? std::optional<std::uint64_t>(status.st_size) : std::nullopt);
}

std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes)
{
    return std::make_unique<Memory>(bytes);
}

} // namespace estante::catalogues
