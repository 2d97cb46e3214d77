// Digests and spellings of bytes, over OpenSSL. Constant-time where a secret is compared.
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

// SHA-256 of data that comes in pieces.
class Sha256 {
public:
    Sha256();
    void add(std::string_view piece);
    Digest finish(); // once

private:
    struct Free {
        void operator()(void* context) const;
    };
    std::unique_ptr<void, Free> context_;
};

std::string hex(std::span<const std::uint8_t> bytes);             // lower case
std::string base64(std::span<const std::uint8_t> bytes);          // RFC 4648 §4 with padding
std::string base64url(std::span<const std::uint8_t> bytes);       // RFC 4648 §5 without padding
std::optional<std::string> from_base64url(std::string_view text); // nothing unless canonical

// Takes as long for equal as for different texts of one length.
bool constant_time_equal(std::string_view left, std::string_view right);

inline std::span<const std::uint8_t> bytes_of(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace estante
