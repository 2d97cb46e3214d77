#include "codec/gzip.hpp"

#include "codec/zlib_stream.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace estante {

namespace {

constexpr int level = 5;

// zlib counts what it is given at once in 32 bits.
void give(z_stream& stream, std::string_view data)
{
    if (data.size() > std::numeric_limits<uInt>::max())
        throw std::length_error("more than 4 GiB cannot be compressed at once");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
}

} // namespace

std::string gzip(std::string_view data)
{
    GzipWriter writer(level);
    give(writer.stream, data);
    std::string out(deflateBound(&writer.stream, data.size()), '\0');
    writer.stream.next_out = reinterpret_cast<Bytef*>(out.data());
    writer.stream.avail_out = static_cast<uInt>(out.size());
    writer.finish();
    out.resize(writer.stream.total_out);
    return out;
}

std::optional<std::string> gunzip(std::string_view data, std::size_t most_bytes)
{
    using enum GzipReader::Found;
    GzipReader reader;
    give(reader.stream, data);
    std::string out;
    auto found = more;
    while (found == more && out.size() <= most_bytes) {
        const auto before = out.size();
        out.resize(std::clamp<std::size_t>(2 * before, 4096, most_bytes + 1));
        reader.stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        reader.stream.avail_out = static_cast<uInt>(out.size() - before);
        found = reader.read();
        out.resize(reader.stream.total_out);
        if (found == more && out.size() == before)
            return std::nullopt; // the text ends too early
    }
    if (found != end || out.size() > most_bytes)
        return std::nullopt;
    return out;
}

} // namespace estante
