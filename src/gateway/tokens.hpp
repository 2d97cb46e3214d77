// Access tokens, cart tokens and page tokens. Access tokens are JWTs (RFC 7519) signed with HS256, and no other
// algorithm is accepted (RFC 8725); `kid` in the header allows key rotation.
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

inline constexpr std::int64_t access_token_lifetime_s = 15L * 60;

struct VerifiedToken {
    AccessClaims claims;
    std::int64_t expires_s = 0;
};

std::unique_ptr<TokenSigner> create_token_signer(const SigningKeys& keys, Clock& clock, class Random& random);

// Errors: unauthenticated, with the title "Token expirado", "Token inválido" or "Token inválido: sin tenant".
Result<VerifiedToken> verify_token(std::string_view token, const SigningKeys& keys, std::int64_t now_ms);
Error invalid_token();
Error expired_token();

// The guest's id with its MAC under the tenant: proves that a cart belongs to the guest. It does not expire.
std::string cart_token(const SigningKeys& keys, const TenantId& tenant, const GuestId& guest);
std::optional<GuestId> verify_cart_token(std::string_view token, const SigningKeys& keys, const TenantId& tenant);

// A page token: the text and its MAC under `scope` (tenant, user, path and query). open_seal returns nothing for a
// token that is forged or from another scope.
std::string seal(const SigningKeys& keys, std::string_view scope, std::string_view text);
std::optional<std::string> open_seal(const SigningKeys& keys, std::string_view scope, std::string_view sealed);

} // namespace estante
