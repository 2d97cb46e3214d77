// The source of a catalogue's bytes.
#pragma once

#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace estante::catalogues {

class ByteSource {
public:
    virtual ~ByteSource() = default;

    // Fills the beginning of the buffer and returns the number of bytes; 0 only at the end. Blocks. Throws
    // std::system_error.
    virtual std::size_t read(std::span<char> buffer) = 0;
    virtual std::optional<std::uint64_t> total_bytes() const = 0;
};

// Errors: not_found (no such file, or it cannot be read).
Result<std::unique_ptr<ByteSource>> file_source(const std::string& path);
// The bytes must live as long as the source.
std::unique_ptr<ByteSource> memory_source(std::span<const std::byte> bytes);

} // namespace estante::catalogues
