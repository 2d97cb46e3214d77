#include "adapters/catalogues/decoded_bytes.hpp"

#include "codec/zlib_stream.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace estante::catalogues {

struct DecodedBytes::Stream {
    std::unique_ptr<ByteSource> source;
    std::array<char, 65'536> chunk{};
    GzipReader reader{};
    z_stream& zlib = reader.stream; // next_in and avail_in also serve plain bytes
    std::uint64_t consumed = 0;
    bool gzip = false;
    bool in_member = false;
    bool at_end = false;
    bool damaged = false;

    bool fill()
    {
        if (zlib.avail_in == 0 && !at_end) {
            const auto count = source->read(chunk);
            consumed += count;
            at_end = count == 0;
            zlib.next_in = reinterpret_cast<Bytef*>(chunk.data());
            zlib.avail_in = static_cast<uInt>(count);
        }
        return zlib.avail_in > 0;
    }

    void detect_format()
    {
        std::size_t size = 0;
        while (size < 2 && !at_end) { // a pipe may return single bytes
            const auto count = source->read(std::span(chunk).subspan(size));
            at_end = count == 0;
            size += count;
        }
        consumed = size;
        zlib.next_in = reinterpret_cast<Bytef*>(chunk.data());
        zlib.avail_in = static_cast<uInt>(size);
        gzip = size >= 2 && chunk[0] == '\x1f' && chunk[1] == '\x8b';
        in_member = gzip;
    }

    std::size_t copy(std::span<char> buffer)
    {
        if (!fill())
            return 0;
        const auto count = std::min<std::size_t>(buffer.size(), zlib.avail_in);
        std::memcpy(buffer.data(), zlib.next_in, count);
        zlib.next_in += count;
        zlib.avail_in -= static_cast<uInt>(count);
        return count;
    }

    std::size_t inflate_into(std::span<char> buffer)
    {
        zlib.next_out = reinterpret_cast<Bytef*>(buffer.data());
        zlib.avail_out = static_cast<uInt>(buffer.size());
        while (zlib.avail_out == buffer.size() && !buffer.empty() && !damaged) {
            if (!fill()) {
                damaged = in_member;
                break;
            }
            if (!in_member) {
                // Either another member follows, or zeros that pad the file to a block.
                if (*zlib.next_in == 0) {
                    ++zlib.next_in;
                    --zlib.avail_in;
                    continue;
                }
                reader.begin_next_member();
                in_member = true;
            }
            const auto found = reader.read();
            in_member = found != GzipReader::Found::end;
            damaged = found == GzipReader::Found::damage;
        }
        return buffer.size() - zlib.avail_out;
    }
};

DecodedBytes::DecodedBytes(std::unique_ptr<ByteSource> source) : stream_(std::make_unique<Stream>())
{
    stream_->source = std::move(source);
    stream_->detect_format();
}

DecodedBytes::~DecodedBytes() = default;

std::size_t DecodedBytes::read(std::span<char> buffer)
{
    return stream_->gzip ? stream_->inflate_into(buffer) : stream_->copy(buffer);
}

bool DecodedBytes::damaged() const
{
    return stream_->damaged;
}

std::uint64_t DecodedBytes::consumed_bytes() const
{
    return stream_->consumed - stream_->zlib.avail_in;
}

std::optional<std::uint64_t> DecodedBytes::total_bytes() const
{
    return stream_->source->total_bytes();
}

} // namespace estante::catalogues
