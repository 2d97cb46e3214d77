#include "gateway/compression.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace estante {

bool accepts_gzip(std::string_view accept_encoding)
{
    while (!accept_encoding.empty()) {
        const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
        auto coding = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        coding.remove_prefix(std::min(coding.find_first_not_of(' '), coding.size()));
        if (coding.starts_with("gzip"))
            return coding.find(";q=0") == coding.npos || coding.find(";q=0.") != coding.npos;
    }
    return false;
}

std::string gzip(std::string_view data)
{
    constexpr int gzip_window_bits = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, 5, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("zlib cannot start");
    std::string out(deflateBound(&stream, data.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int verdict = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (verdict != Z_STREAM_END)
        throw std::runtime_error("zlib cannot compress");
    return out;
}

} // namespace estante
