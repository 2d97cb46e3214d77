#include "gateway/admission.hpp"

#include "gateway/route.hpp"
#include "gateway/tenant_resolution.hpp"
#include "gateway/tokens.hpp"
#include "operations/users/session_state.hpp"
#include "records/store_failure.hpp"

#include <fmt/format.h>

namespace estante {

namespace {

constexpr std::string_view bearer = "Bearer ";

std::unexpected<Error> missing_token()
{
    return failure(Errc::unauthenticated,
                   "Falta la cabecera Authorization. Envíe «Authorization: Bearer …» con un token de acceso.",
                   "The Authorization header is missing. Send “Authorization: Bearer …” with an access token.");
}

std::unexpected<Error> forbidden()
{
    return failure(Errc::forbidden, "Su cuenta no tiene permiso para usar este endpoint.",
                   "Your account is not allowed to use this endpoint.");
}

Caller::Kind caller_kind(Role role)
{
    return role == Role::manager     ? Caller::Kind::manager
           : role == Role::operator_ ? Caller::Kind::operator_
                                     : Caller::Kind::customer;
}

} // namespace

Admission::Admission(const Ports& ports, const SigningKeys& keys, const PartitionVersions& partition_versions,
                     Limits limits)
    : ports_(ports),
      keys_(keys),
      partition_versions_(partition_versions),
      router_(all_routes()),
      sessions_(limits.max_cached_sessions),
      tenants_(limits.max_cached_tenants)
{
}

Result<void> Admission::find_route(Exchange& exchange) const
{
    auto match = router_.find(exchange.http.method, exchange.http.target);
    if (std::holds_alternative<Router::Malformed>(match))
        return invalid("", "malformed_target", "la ruta no es válida (RFC 9112)",
                       "the request target is not valid (RFC 9112)");
    if (std::holds_alternative<Router::NotFound>(match))
        return failure(Errc::not_found, "Este endpoint no existe. /openapi.json enumera los que hay.",
                       "Endpoint not found. /openapi.json lists all endpoints.");
    if (auto* other = std::get_if<Router::OtherMethods>(&match)) {
        exchange.allow = std::move(other->allow);
        return failure(Errc::method_not_allowed, fmt::format("Este endpoint admite {}.", exchange.allow),
                       fmt::format("This endpoint supports {}.", exchange.allow));
    }
    auto& found = std::get<Router::Found>(match);
    exchange.route = found.route;
    exchange.path = std::move(found.path);
    exchange.query = std::move(found.query);
    return {};
}

Task<Result<void>> Admission::identify(Exchange& exchange)
{
    if (!exchange.http.authorization.empty() && !exchange.route->tenant_in_body)
        co_return co_await identify_by_token(exchange);
    if (exchange.route->access != Access::anyone && exchange.route->access != Access::shopper)
        co_return missing_token();
    if (exchange.route->tenant_in_body)
        co_return Result<void>();
    if (auto resolved = co_await resolve_cached_tenant(exchange); !resolved)
        co_return std::unexpected(std::move(resolved.error()));
    if (exchange.caller.tenant.value == operator_tenant)
        co_return std::unexpected(resource_not_found());
    if (exchange.route->access == Access::shopper && exchange.caller.guest.empty())
        exchange.caller.guest = exchange.ports.get<IdGenerator>().make<GuestId>();
    if (!exchange.caller.guest.empty())
        exchange.caller.kind = Caller::Kind::guest;
    co_return Result<void>();
}

Task<Result<void>> Admission::resolve_cached_tenant(Exchange& exchange)
{
    if (auto tenant = named_tenant(exchange.http, {}, exchange.domain)) {
        if (const auto* cached = tenants_.find(tenant->value)) {
            exchange.caller.tenant = std::move(*tenant);
            exchange.tenant_status = cached->value;
            exchange.reads = cached->reads;
            co_return check_tenant_access(exchange);
        }
    }
    auto resolved = co_await resolve_tenant(exchange, {});
    if (resolved)
        tenants_.put(exchange.caller.tenant.value, exchange.tenant_status, exchange.reads);
    co_return resolved;
}

const Admission::CachedSession* Admission::find_cached_session(std::string_view authorization)
{
    if (!authorization.starts_with(bearer))
        return nullptr;
    const CachedSession* session = sessions_.find(authorization.substr(bearer.size()));
    return session && session->value.token_ends_ms > ports_.get<Clock>().now_ms() ? session : nullptr;
}

const Admission::Session* Admission::find_session(std::string_view authorization)
{
    const CachedSession* session = find_cached_session(authorization);
    return session ? &session->value : nullptr;
}

Task<Result<const Admission::CachedSession*>> Admission::load_session(std::string_view authorization)
{
    if (!authorization.starts_with(bearer))
        co_return std::unexpected(invalid_token());
    const auto token = authorization.substr(bearer.size());
    auto verified = verify_token(token, keys_, ports_.get<Clock>().now_ms());
    if (!verified)
        co_return std::unexpected(std::move(verified.error()));
    AccessClaims& claims = verified->claims;
    ReadSet reads(partition_versions_);
    TenantItems items(claims.tenant, ports_.get<ItemStore>(), &reads);
    const auto state = co_await users::load_session_state(items, claims.user, claims.session);
    if (!state)
        co_return store_failure(state.error());
    if (!*state)
        co_return std::unexpected(invalid_token());
    Session session{.caller = {.tenant = std::move(claims.tenant),
                               .kind = caller_kind((*state)->role),
                               .user = std::move(claims.user),
                               .guest = {},
                               .session = std::move(claims.session)},
                    .tenant_status = (*state)->tenant,
                    .token_ends_ms = verified->expires_s * 1000};
    co_return sessions_.put(token, std::move(session), std::move(reads));
}

Task<Result<void>> Admission::identify_by_token(Exchange& exchange)
{
    const HttpRequest& http = exchange.http;
    const CachedSession* session = find_cached_session(http.authorization);
    if (!session) {
        auto loaded = co_await load_session(http.authorization);
        if (!loaded)
            co_return std::unexpected(std::move(loaded.error()));
        session = *loaded;
    }
    if (auto open = check_tenant_open(session->value.tenant_status, http.method); !open)
        co_return open;
    exchange.caller = session->value.caller;
    exchange.token_ends_ms = session->value.token_ends_ms;
    exchange.reads = session->reads;
    if (!http.tenant.empty() && http.tenant != exchange.caller.tenant.value)
        co_return failure(Errc::forbidden, "El token es de una tienda distinta de la de X-Tenant-Id.",
                          "The token belongs to a shop other than the one in X-Tenant-Id.");
    if (!http.cart_token.empty()) {
        if (auto guest = verify_cart_token(http.cart_token, keys_, exchange.caller.tenant))
            exchange.caller.guest = std::move(*guest);
    }
    co_return Result<void>();
}

Result<void> Admission::check_rights(const Exchange& exchange)
{
    using Kind = Caller::Kind;
    const Kind kind = exchange.caller.kind;
    const auto user_is = [&](bool has_right) -> Result<void> {
        if (has_right)
            return {};
        return exchange.caller.is_user() ? forbidden() : missing_token();
    };
    switch (exchange.route->access) {
    case Access::anyone:
        return {};
    case Access::shopper:
        return kind == Kind::operator_ ? Result<void>(forbidden()) : Result<void>();
    case Access::customer:
        return user_is(kind == Kind::customer || kind == Kind::manager);
    case Access::manager:
        return user_is(kind == Kind::manager);
    case Access::operator_:
        return user_is(kind == Kind::operator_);
    }
    return forbidden();
}

} // namespace estante
