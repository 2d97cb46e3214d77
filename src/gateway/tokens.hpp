// Access tokens: JWT (RFC 7519) with HS256 and nothing else (RFC 8725), `kid` in the header for rotation.
#pragma once

#include "domain/result.hpp"
#include "gateway/keys.hpp"
#include "ports/clock.hpp"
#include "ports/token_signer.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

inline constexpr std::int64_t access_token_s = 15L * 60;

struct VerifiedToken {
    AccessClaims claims;
    std::int64_t expires_s = 0;
};

std::unique_ptr<TokenSigner> create_token_signer(const Keys& keys, Clock& clock, class Random& random);

// unauthenticated, with the titles "Token expirado", "Token inválido" and "Token inválido: sin tenant".
Result<VerifiedToken> verify_token(std::string_view token, const Keys& keys, std::int64_t now_ms);
Error invalid_token();
Error expired_token();

// What a guest proves their cart with: the guest's id and its MAC under the tenant. Valid as long as the cart lives.
std::string cart_token(const Keys& keys, const TenantId& tenant, const GuestId& guest);
std::optional<GuestId> verify_cart_token(std::string_view token, const Keys& keys, const TenantId& tenant);

// Page tokens, sealed for the outside: bound to `scope` (tenant, user and query), so a foreign or forged one is
// nothing.
std::string seal(const Keys& keys, std::string_view scope, std::string_view text);
std::optional<std::string> open_seal(const Keys& keys, std::string_view scope, std::string_view sealed);

} // namespace estante
