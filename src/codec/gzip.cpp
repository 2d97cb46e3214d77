#include "codec/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace estante {

namespace {

constexpr int gzip_window_bits = 15 + 16;

} // namespace

std::string gzip(std::string_view data)
{
    z_stream stream{};
    if (deflateInit2(&stream, 5, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib cannot start");
    std::string out(deflateBound(&stream, data.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END)
        throw std::runtime_error("zlib cannot compress");
    return out;
}

std::optional<std::string> gunzip(std::string_view data, std::size_t max_bytes)
{
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window_bits) != Z_OK)
        throw std::runtime_error("zlib cannot start");
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    std::string out;
    int status = Z_OK;
    while (status == Z_OK && out.size() <= max_bytes) {
        const auto before = out.size();
        out.resize(std::clamp<std::size_t>(2 * before, 4096, max_bytes + 1));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
        stream.avail_out = static_cast<uInt>(out.size() - before);
        status = inflate(&stream, Z_NO_FLUSH);
        out.resize(stream.total_out);
    }
    inflateEnd(&stream);
    if (status != Z_STREAM_END || out.size() > max_bytes)
        return std::nullopt;
    return out;
}

} // namespace estante
