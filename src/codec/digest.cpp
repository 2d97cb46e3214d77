#include "codec/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

namespace estante {

namespace {

// OpenSSL's functions return 1 on success.
void check(bool done, const char* what)
{
    if (!done)
        throw std::runtime_error(std::string("OpenSSL has no ") + what);
}

EVP_MD_CTX* context_in(void* context)
{
    return static_cast<EVP_MD_CTX*>(context);
}

} // namespace

Digest sha256(std::string_view data)
{
    Digest digest;
    check(EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1, "SHA-256");
    return digest;
}

Sha256::Sha256() : context_(EVP_MD_CTX_new())
{
    check(context_ && EVP_DigestInit_ex(context_in(context_.get()), EVP_sha256(), nullptr) == 1, "SHA-256");
}

void Sha256::Free::operator()(void* context) const
{
    EVP_MD_CTX_free(context_in(context));
}

void Sha256::add(std::string_view piece)
{
    check(EVP_DigestUpdate(context_in(context_.get()), piece.data(), piece.size()) == 1, "SHA-256");
}

Digest Sha256::finish()
{
    Digest digest;
    check(EVP_DigestFinal_ex(context_in(context_.get()), digest.data(), nullptr) == 1, "SHA-256");
    return digest;
}

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data)
{
    Digest digest;
    const auto bytes = bytes_of(data);
    check(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes.data(), bytes.size(), digest.data(),
               nullptr) != nullptr,
          "HMAC-SHA-256");
    return digest;
}

std::string hex(std::span<const std::uint8_t> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string base64(std::span<const std::uint8_t> bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    text.resize(
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size())));
    return text;
}

std::string base64url(std::span<const std::uint8_t> bytes)
{
    auto text = base64(bytes);
    while (text.ends_with('='))
        text.pop_back();
    for (char& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::optional<std::string> from_base64url(std::string_view text)
{
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string padded(text);
    for (char& c : padded) {
        if (c == '+' || c == '/' || c == '=')
            return std::nullopt;
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    padded.resize((padded.size() + 3) / 4 * 4, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
    if (size < 0)
        return std::nullopt;
    bytes.resize(text.size() * 3 / 4);
    if (base64url(bytes_of(bytes)) != text)
        return std::nullopt;
    return bytes;
}

bool constant_time_equal(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace estante
