// The bytes of a source, decompressed if they are gzip (RFC 1952, also several members in a row).
//
// zlib's gzread does not replace this: it silently ignores any data after the last member, where this reports damage;
// it stops at zero padding between members; and it reads files only, not memory.
#pragma once

#include "adapters/catalogues/byte_source.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace estante::catalogues {

class DecodedBytes {
public:
    explicit DecodedBytes(std::unique_ptr<ByteSource> source);
    ~DecodedBytes();
    DecodedBytes(const DecodedBytes&) = delete;
    DecodedBytes& operator=(const DecodedBytes&) = delete;

    // Like ByteSource::read; also returns 0 if compressed data is damaged or incomplete, see `damaged`.
    std::size_t read(std::span<char> buffer);
    bool damaged() const;
    std::uint64_t consumed_bytes() const; // of the source
    std::optional<std::uint64_t> total_bytes() const;

private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

} // namespace estante::catalogues
