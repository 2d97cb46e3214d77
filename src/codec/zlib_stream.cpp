#include "codec/zlib_stream.hpp"

#include <new>
#include <stdexcept>
#include <string>

namespace estante {

namespace {

constexpr int gzip_window_bits = MAX_WBITS + 16;

void check(int code, const char* doing)
{
    if (code == Z_MEM_ERROR)
        throw std::bad_alloc();
    if (code != Z_OK)
        throw std::runtime_error(std::string("zlib cannot ") + doing + ": " + zError(code));
}

} // namespace

GzipWriter::GzipWriter(int level)
{
    check(deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, 8, Z_DEFAULT_STRATEGY), "begin to compress");
}

void GzipWriter::finish()
{
    const int code = deflate(&stream, Z_FINISH);
    check(code == Z_STREAM_END ? Z_OK : code == Z_OK ? Z_BUF_ERROR : code, "compress");
}

GzipReader::GzipReader()
{
    check(inflateInit2(&stream, gzip_window_bits), "begin to uncompress");
}

GzipReader::Found GzipReader::read()
{
    switch (const int code = inflate(&stream, Z_NO_FLUSH)) {
    case Z_STREAM_END:
        return Found::end;
    case Z_OK:
    case Z_BUF_ERROR: // no input, or no room
        return Found::more;
    case Z_DATA_ERROR:
    case Z_NEED_DICT: // a gzip text has none
        return Found::damage;
    default:
        check(code, "uncompress");
        return Found::damage;
    }
}

void GzipReader::begin_next_member()
{
    check(inflateReset(&stream), "go on uncompressing");
}

} // namespace estante
