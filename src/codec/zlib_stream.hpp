// zlib's streams as owning types. A status of zlib that is neither progress nor about the data is thrown:
// std::bad_alloc, and std::runtime_error for a mistake of the program.
#pragma once

#include <zlib.h>

namespace estante {

// Compresses to gzip (RFC 1952). The buffers are those of zlib: next_in, avail_in, next_out, avail_out.
class GzipWriter {
public:
    explicit GzipWriter(int level);
    ~GzipWriter() { deflateEnd(&stream); }
    GzipWriter(const GzipWriter&) = delete;
    GzipWriter& operator=(const GzipWriter&) = delete;

    // With all of the text in the buffer and room for deflateBound().
    void finish();

    z_stream stream{};
};

// Uncompresses gzip.
class GzipReader {
public:
    enum class Found { more, end, damage };

    GzipReader();
    ~GzipReader() { inflateEnd(&stream); }
    GzipReader(const GzipReader&) = delete;
    GzipReader& operator=(const GzipReader&) = delete;

    // As far as the buffers reach.
    Found read();
    void begin_next_member();

    z_stream stream{};
};

} // namespace estante
