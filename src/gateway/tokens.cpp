#include "gateway/tokens.hpp"

#include "codec/described.hpp"
#include "codec/digest.hpp"
#include "codec/json.hpp"
#include "ports/random.hpp"

#include <array>

namespace estante {

namespace {

constexpr std::size_t mac_bytes = 16;

std::string mac(std::string_view secret, std::string_view text)
{
    return base64url(hmac_sha256(bytes_of(secret), text));
}

// The purpose is part of the MAC, so a MAC for one purpose is not valid for another.
std::string mac(const SigningKeys::Key& key, std::string_view purpose, std::string_view text)
{
    std::string data(purpose);
    (data += '\n') += text;
    const auto digest = hmac_sha256(bytes_of(key.secret), data);
    return base64url(std::span(digest).first(mac_bytes));
}

class JwtSigner final : public TokenSigner {
public:
    JwtSigner(const SigningKeys& keys, Clock& clock, Random& random) : keys_(keys), clock_(clock), random_(random) {}

    std::string sign(const AccessClaims& claims) override
    {
        const SigningKeys::Key& key = keys_.signing.front();
        const std::int64_t now_s = clock_.now_ms() / 1000;
        std::array<std::uint8_t, 12> jti{};
        random_.fill(jti);
        const Value header = Map{{"alg", "HS256"}, {"typ", "JWT"}, {"kid", key.kid}};
        const Value payload = Map{{"user_id", claims.user.value},
                                  {"tenant_id", claims.tenant.value},
                                  {"role", codec::name_of(claims.role)},
                                  {"sid", claims.session.value},
                                  {"jti", base64url(jti)},
                                  {"iat", now_s},
                                  {"exp", now_s + access_token_lifetime_s}};
        std::string token =
            base64url(bytes_of(json::to_text(header))) + "." + base64url(bytes_of(json::to_text(payload)));
        const auto signature = mac(key.secret, token);
        return (token += '.') += signature;
    }

private:
    const SigningKeys& keys_;
    Clock& clock_;
    Random& random_;
};

std::optional<Value> json_part(std::string_view part)
{
    const auto text = from_base64url(part);
    auto value = text ? json::parse(*text) : std::unexpected(json::ParseError{});
    if (!value || !value->if_map())
        return std::nullopt;
    return std::move(*value);
}

} // namespace

std::unique_ptr<TokenSigner> create_token_signer(const SigningKeys& keys, Clock& clock, Random& random)
{
    return std::make_unique<JwtSigner>(keys, clock, random);
}

Error invalid_token()
{
    Error error{.code = Errc::unauthenticated,
                .detail = {"El token no es válido. Inicie sesión de nuevo.", "The token is not valid. Log in again."}};
    return error;
}

Error expired_token()
{
    Error error{.code = Errc::unauthenticated,
                .detail = {"El token ha expirado. Renuévelo con el refresh token.",
                           "The token has expired. Renew it with the refresh token."}};
    error.title = "Token expirado";
    return error;
}

Result<VerifiedToken> verify_token(std::string_view token, const SigningKeys& keys, std::int64_t now_ms)
{
    const auto first = token.find('.');
    const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos || token.size() > 2048)
        return std::unexpected(invalid_token());
    const auto header = json_part(token.substr(0, first));
    if (!header || text_of(*header->if_map(), "alg") != "HS256")
        return std::unexpected(invalid_token());
    const SigningKeys::Key* key = keys.find(text_of(*header->if_map(), "kid"));
    if (!key || !constant_time_equal(mac(key->secret, token.substr(0, second)), token.substr(second + 1)))
        return std::unexpected(invalid_token());

    const auto payload = json_part(token.substr(first + 1, second - first - 1));
    if (!payload)
        return std::unexpected(invalid_token());
    const Map& claims = *payload->if_map();
    const auto tenant = TenantId::parse(text_of(claims, "tenant_id"));
    if (!tenant) {
        Error error = invalid_token();
        error.title = "Token inválido: sin tenant";
        return std::unexpected(error);
    }
    auto user = UserId::parse(text_of(claims, "user_id"));
    auto session = SessionId::parse(text_of(claims, "sid"));
    const auto role = codec::enumerator<Role>(text_of(claims, "role"));
    const auto expires_s = int_of(claims, "exp");
    if (!user || !session || !role)
        return std::unexpected(invalid_token());
    if (expires_s * 1000 <= now_ms)
        return std::unexpected(expired_token());
    return VerifiedToken{{*tenant, std::move(*user), std::move(*session), *role}, expires_s};
}

std::string cart_token(const SigningKeys& keys, const TenantId& tenant, const GuestId& guest)
{
    return guest.value + "." + mac(keys.signing.front(), "cart " + tenant.value, guest.value);
}

std::optional<GuestId> verify_cart_token(std::string_view token, const SigningKeys& keys, const TenantId& tenant)
{
    const auto dot = token.find('.');
    auto guest = dot == token.npos ? std::nullopt : GuestId::parse(token.substr(0, dot));
    if (!guest)
        return std::nullopt;
    for (const SigningKeys::Key& key : keys.signing) {
        if (constant_time_equal(mac(key, "cart " + tenant.value, guest->value), token.substr(dot + 1)))
            return guest;
    }
    return std::nullopt;
}

std::string seal(const SigningKeys& keys, std::string_view scope, std::string_view text)
{
    std::string bound(scope);
    (bound += '\n') += text;
    return base64url(bytes_of(text)) + "." + mac(keys.signing.front(), "page", bound);
}

std::optional<std::string> open_seal(const SigningKeys& keys, std::string_view scope, std::string_view sealed)
{
    const auto dot = sealed.find('.');
    auto text = dot == sealed.npos ? std::nullopt : from_base64url(sealed.substr(0, dot));
    if (!text)
        return std::nullopt;
    std::string bound(scope);
    (bound += '\n') += *text;
    for (const SigningKeys::Key& key : keys.signing) {
        if (constant_time_equal(mac(key, "page", bound), sealed.substr(dot + 1)))
            return text;
    }
    return std::nullopt;
}

} // namespace estante
