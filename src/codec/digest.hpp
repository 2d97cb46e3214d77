// Digests, MACs and text encodings of bytes, by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace estante {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view data);
Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);

// Incremental SHA-256.
class Sha256 {
public:
    Sha256();
    void add(std::string_view piece);
    Digest finish(); // call it once

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;
};

std::string hex(std::span<const std::uint8_t> bytes);             // lower case
std::string base64(std::span<const std::uint8_t> bytes);          // RFC 4648 §4 with padding
std::string base64url(std::span<const std::uint8_t> bytes);       // RFC 4648 §5 without padding
std::optional<std::string> from_base64url(std::string_view text); // nothing for text that base64url() does not write

// Compares secrets: for texts of equal length the time does not depend on their contents.
bool constant_time_equal(std::string_view left, std::string_view right);

inline std::span<const std::uint8_t> bytes_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace estante
