#include "gateway/gateway.hpp"

#include "codec/gzip.hpp"
#include "gateway/compression.hpp"
#include "gateway/tokens.hpp"
#include "operations/tenants/check_open.hpp"
#include "operations/users/session_state.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <system_error>

namespace estante {

namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::size_t min_compress_bytes = 1024;

bool accepts(std::string_view accept, std::string_view type)
{
    type = type.substr(0, type.find(';'));
    if (accept.empty() || accept.contains("*/*") || accept.contains(type))
        return true;
    return accept.contains(fmt::format("{}/*", type.substr(0, type.find('/'))));
}

Result<void> check_accept(std::string_view accept, const Route& route)
{
    std::string types(route.response_type);
    if (accepts(accept, route.response_type))
        return {};
    for (const auto other : route.other_types) {
        if (accepts(accept, other))
            return {};
        (types += ", ") += other;
    }
    return failure(Errc::not_acceptable, fmt::format("Esta ruta responde {}.", types),
                   fmt::format("This path answers {}.", types));
}

// Weak comparison, lists and * (RFC 9110, 13.1.2).
bool matches_etag(std::string_view if_none_match, std::string_view etag)
{
    return !etag.empty() && !if_none_match.empty() &&
           (if_none_match == "*" || if_none_match.contains(fmt::format("\"{}\"", etag)));
}

tenants::Use use_of(Method method)
{
    return method == Method::get || method == Method::head ? tenants::Use::read : tenants::Use::write;
}

std::unexpected<Error> missing_token()
{
    return failure(Errc::unauthenticated, "Falta la cabecera Authorization: Bearer … con un token de acceso.",
                   "The header Authorization: Bearer … with an access token is missing.");
}

Result<void> check_access(const Exchange& exchange)
{
    using Kind = Caller::Kind;
    const Kind kind = exchange.caller.kind;
    const auto forbidden = [] {
        return failure(Errc::forbidden, "Su cuenta no tiene permiso para esto.", "Your account may not do this.");
    };
    switch (exchange.route->access) {
    case Access::anyone:
        return {};
    case Access::shopper:
        return kind == Kind::operator_ ? Result<void>(forbidden()) : Result<void>();
    case Access::customer:
        if (kind == Kind::customer || kind == Kind::manager)
            return {};
        return kind == Kind::operator_ ? forbidden() : missing_token();
    case Access::manager:
        if (kind == Kind::manager)
            return {};
        return exchange.caller.is_user() ? forbidden() : missing_token();
    case Access::operator_:
        if (kind == Kind::operator_)
            return {};
        return exchange.caller.is_user() ? forbidden() : missing_token();
    }
    return forbidden();
}

Caller::Kind kind_of(Role role)
{
    return role == Role::manager     ? Caller::Kind::manager
           : role == Role::operator_ ? Caller::Kind::operator_
                                     : Caller::Kind::customer;
}

// The shop is open for what the request does, and a cart token is one of its own.
Result<void> check_tenant_access(Exchange& exchange)
{
    if (auto open = tenants::check_open(exchange.shop, use_of(exchange.http.method)); !open)
        return open;
    if (!exchange.http.cart_token.empty()) {
        auto guest = verify_cart_token(exchange.http.cart_token, exchange.keys, exchange.caller.tenant);
        if (!guest)
            return std::unexpected(invalid_token());
        exchange.caller.guest = std::move(*guest);
    }
    return {};
}

} // namespace

Error not_found_here()
{
    return failure(Errc::not_found, "No existe en esta tienda.", "There is no such thing in this shop.").error();
}

Task<Result<void>> resolve_tenant(Exchange& exchange, std::string named_in_body)
{
    auto tenant = named_tenant(exchange.http, named_in_body, exchange.domain);
    if (!tenant)
        co_return std::unexpected(std::move(tenant.error()));
    exchange.caller.tenant = std::move(*tenant);
    TenantItems items(exchange.caller.tenant, exchange.ports.get<ItemStore>(), &exchange.reads);
    const auto state = co_await find_tenant(items);
    if (!state)
        co_return store_failure(state.error());
    if (!*state)
        co_return std::unexpected(not_found_here());
    exchange.shop = (*state)->status;
    co_return check_tenant_access(exchange);
}

Gateway::Gateway(const Ports& ports, const Keys& keys, const PartitionVersions& partition_versions, Settings settings)
    : ports_(ports),
      keys_(keys),
      partition_versions_(partition_versions),
      settings_(std::move(settings)),
      router_(all_routes()),
      sessions_(settings_.max_cached_sessions),
      shops_(settings_.max_cached_tenants),
      answers_(settings_.response_cache_bytes)
{
}

Gateway::~Gateway() = default;

bool Gateway::is_upload(Method method, std::string_view target) const
{
    const auto verdict = router_.find(method, target);
    const auto* found = std::get_if<Router::Found>(&verdict);
    return found && found->route->upload;
}

const Gateway::CachedSession* Gateway::find_session(std::string_view authorization)
{
    if (!authorization.starts_with(bearer))
        return nullptr;
    const CachedSession* session = sessions_.find(authorization.substr(bearer.size()));
    if (!session || !session->reads.is_valid() || session->ends_ms <= ports_.get<Clock>().now_ms())
        return nullptr;
    return session;
}

const HttpAnswer* Gateway::kept(const HttpRequest& http)
{
    if (http.method != Method::get && http.method != Method::head)
        return nullptr;
    std::string_view tenant = http.tenant;
    if (!http.authorization.empty()) {
        const CachedSession* session = find_session(http.authorization);
        if (!session || (!tenant.empty() && tenant != session->caller.tenant.value))
            return nullptr;
        tenant = session->caller.tenant.value;
    }
    if (tenant.empty() || !settings_.domain.empty() || !http.cart_token.empty())
        return nullptr;
    key_.assign(tenant).append("\n").append(http.target);
    CachedResponse* answer = answers_.find(key_);
    if (!answer || !answer->reads.is_valid() || !accepts(http.accept, "application/json"))
        return nullptr;
    if (matches_etag(http.if_none_match, answer->etag))
        return &answer->not_modified;
    if (!answer->compressed.body.empty() && accepts_gzip(http.accept_encoding))
        return &answer->compressed;
    return &answer->whole;
}

Task<HttpAnswer> Gateway::handle(const HttpRequest& http, std::string_view trace_id)
{
    Exchange exchange{.http = http,
                      .ports = ports_,
                      .keys = keys_,
                      .domain = settings_.domain,
                      .partition_versions = partition_versions_,
                      .reads = ReadSet(partition_versions_)};
    Error error;
    try {
        auto reply = co_await process(exchange);
        if (reply)
            co_return finish(exchange, std::move(*reply));
        error = std::move(reply.error());
    } catch (const std::system_error& broken) {
        if (broken.code() != std::errc::resource_unavailable_try_again)
            spdlog::error("trace {}: {}", trace_id, broken.what());
        error = failure(Errc::unavailable, "El servicio está saturado; inténtelo de nuevo.",
                        "The service is busy; try again.")
                    .error();
        error.retry_after_s = 1;
    } catch (const std::exception& broken) {
        spdlog::error("trace {}: {}", trace_id, broken.what());
        error = failure(Errc::internal, "Error interno; cite el trace_id al operador.",
                        "Internal error; give the operator the trace_id.")
                    .error();
    }
    if (error.code == Errc::unavailable)
        spdlog::warn("trace {}: unavailable: {}", trace_id, error.detail.en);
    auto answer = problem(error, asked_language(http.accept_language), trace_id);
    if (!exchange.allow.empty())
        answer.headers.emplace_back("Allow", exchange.allow);
    co_return answer;
}

Task<Result<Reply>> Gateway::process(Exchange& exchange)
{
    const HttpRequest& http = exchange.http;
    const auto path = http.target.substr(0, http.target.find('?'));
    const bool reads = http.method == Method::get || http.method == Method::head;
    if (reads && path == "/healthz")
        co_return Reply{.body = R"({"status":"ok"})"};
    if (reads && path == "/readyz") {
        const bool ready = !settings_.ready || settings_.ready();
        co_return Reply{.status = ready ? 200 : 503,
                        .body = ready ? R"({"status":"ready"})" : R"({"status":"starting"})"};
    }
    if (reads && path == "/openapi.json")
        co_return Reply{.body = openapi_document()};

    auto verdict = router_.find(http.method, http.target);
    if (std::holds_alternative<Router::Malformed>(verdict))
        co_return invalid("", "malformed_target", "la ruta no es válida (RFC 9112)",
                          "the target is not valid (RFC 9112)");
    if (std::holds_alternative<Router::Missing>(verdict))
        co_return failure(Errc::not_found, "Esta ruta no existe; /openapi.json las enumera.",
                          "There is no such path; /openapi.json lists them.");
    if (auto* other = std::get_if<Router::OtherMethods>(&verdict)) {
        exchange.allow = std::move(other->allow);
        if (http.method == Method::options)
            co_return Reply{.status = 204};
        co_return failure(Errc::method_not_allowed, fmt::format("Esta ruta admite: {}.", exchange.allow),
                          fmt::format("This path takes: {}.", exchange.allow));
    }
    auto& found = std::get<Router::Found>(verdict);
    exchange.route = found.route;
    exchange.path = std::move(found.path);
    exchange.query = std::move(found.query);
    if (auto acceptable = check_accept(http.accept, *exchange.route); !acceptable)
        co_return std::unexpected(std::move(acceptable.error()));
    if (auto identified = co_await identify(exchange); !identified)
        co_return std::unexpected(std::move(identified.error()));
    if (auto allowed = check_access(exchange); !allowed)
        co_return std::unexpected(std::move(allowed.error()));
    co_return co_await exchange.route->call(exchange);
}

Task<Result<void>> Gateway::resolve_cached_tenant(Exchange& exchange)
{
    if (auto tenant = named_tenant(exchange.http, {}, exchange.domain)) {
        const CachedTenant* known = shops_.find(tenant->value);
        if (known && known->reads.is_valid()) {
            exchange.caller.tenant = std::move(*tenant);
            exchange.shop = known->status;
            exchange.reads = known->reads;
            co_return check_tenant_access(exchange);
        }
    }
    auto settled = co_await resolve_tenant(exchange, {});
    if (settled)
        shops_.put(exchange.caller.tenant.value, {exchange.shop, exchange.reads});
    co_return settled;
}

Task<Result<void>> Gateway::identify(Exchange& exchange)
{
    if (!exchange.http.authorization.empty() && !exchange.route->tenant_in_body)
        co_return co_await identify_by_token(exchange);
    if (exchange.route->access != Access::anyone && exchange.route->access != Access::shopper)
        co_return missing_token();
    if (exchange.route->tenant_in_body)
        co_return Result<void>(); // settled once the body is read
    if (auto settled = co_await resolve_cached_tenant(exchange); !settled)
        co_return std::unexpected(std::move(settled.error()));
    if (exchange.caller.tenant.value == operator_tenant)
        co_return std::unexpected(not_found_here());
    if (exchange.route->access == Access::shopper && exchange.caller.guest.empty()) {
        exchange.caller.guest = exchange.ports.get<Ids>().make<GuestId>();
    }
    if (!exchange.caller.guest.empty())
        exchange.caller.kind = Caller::Kind::guest;
    co_return Result<void>();
}

Task<Result<void>> Gateway::identify_by_token(Exchange& exchange)
{
    const auto authorization = exchange.http.authorization;
    const CachedSession* known = find_session(authorization);
    if (!known) {
        if (!authorization.starts_with(bearer))
            co_return std::unexpected(invalid_token());
        const auto token = authorization.substr(bearer.size());
        auto verified = verify_token(token, keys_, ports_.get<Clock>().now_ms());
        if (!verified)
            co_return std::unexpected(std::move(verified.error()));
        const AccessClaims& claims = verified->claims;
        CachedSession session{{}, {}, verified->expires_s * 1000, ReadSet(partition_versions_)};
        TenantItems items(claims.tenant, ports_.get<ItemStore>(), &session.reads);
        const auto state = co_await users::load_session_state(items, claims.user, claims.session);
        if (!state)
            co_return store_failure(state.error());
        if (!*state)
            co_return std::unexpected(invalid_token());
        session.shop = (*state)->tenant;
        session.caller = {.tenant = claims.tenant,
                          .kind = kind_of((*state)->role),
                          .user = claims.user,
                          .guest = {},
                          .session = claims.session};
        known = &sessions_.put(token, std::move(session));
    }
    if (auto open = tenants::check_open(known->shop, use_of(exchange.http.method)); !open)
        co_return open;
    exchange.caller = known->caller;
    exchange.reads = known->reads;
    exchange.token_ends_ms = known->ends_ms;
    if (!exchange.http.tenant.empty() && exchange.http.tenant != exchange.caller.tenant.value)
        co_return failure(Errc::forbidden, "El token es de otra tienda que X-Tenant-Id.",
                          "The token is of another shop than X-Tenant-Id.");
    if (!exchange.http.cart_token.empty()) {
        if (auto guest = verify_cart_token(exchange.http.cart_token, keys_, exchange.caller.tenant))
            exchange.caller.guest = std::move(*guest);
    }
    co_return Result<void>();
}

HttpAnswer Gateway::finish(Exchange& exchange, Reply reply)
{
    HttpAnswer answer{.status = reply.status,
                      .content_type = reply.content_type,
                      .body = std::move(reply.body),
                      .headers = {},
                      .events = std::move(reply.events)};
    auto& headers = answer.headers;
    if (!exchange.allow.empty())
        headers.emplace_back("Allow", exchange.allow);
    const Route* route = exchange.route;
    const bool shared = route && route->shared;
    headers.emplace_back("Cache-Control", shared ? "public, no-cache" : "private, no-store");
    headers.emplace_back("Vary", route && !route->other_types.empty()
                                     ? "Accept, Authorization, X-Tenant-Id, X-Cart-Token, Accept-Encoding"
                                     : "Authorization, X-Tenant-Id, X-Cart-Token, Accept-Encoding");
    if (!reply.etag.empty())
        headers.emplace_back("ETag", fmt::format("\"{}\"", reply.etag));
    if (!reply.location.empty() && (reply.status == 201 || reply.status == 202))
        headers.emplace_back("Location", std::move(reply.location));
    if (!reply.file_name.empty())
        headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}\"", reply.file_name));
    if (answer.events)
        headers.emplace_back("X-Accel-Buffering", "no"); // proxies that keep back what is small would keep back all
    if (reply.replayed)
        headers.emplace_back("Idempotent-Replayed", "true");
    if (route && route->issues_guest_token && !exchange.caller.is_user())
        headers.emplace_back("X-Cart-Token", cart_token(keys_, exchange.caller.tenant, exchange.caller.guest));

    const bool reads = exchange.http.method == Method::get || exchange.http.method == Method::head;
    std::string compressed;
    if (answer.body.size() >= min_compress_bytes && accepts_gzip(exchange.http.accept_encoding))
        compressed = gzip(answer.body);
    if (route && route->kept && reads && answer.status == 200)
        keep(exchange, answer, compressed, reply.etag);
    if (reads && answer.status == 200 && matches_etag(exchange.http.if_none_match, reply.etag)) {
        answer.status = 304;
        answer.body.clear();
    } else if (!compressed.empty()) {
        answer.body = std::move(compressed);
        headers.emplace_back("Content-Encoding", "gzip");
    }
    return answer;
}

void Gateway::keep(const Exchange& exchange, const HttpAnswer& answer, const std::string& compressed,
                   std::string_view etag)
{
    constexpr std::size_t largest = 64 << 10;
    if (answer.body.size() > largest || !exchange.reads.is_valid())
        return;
    const HttpAnswer bare{.status = answer.status,
                          .content_type = answer.content_type,
                          .body = {},
                          .headers = answer.headers,
                          .events = {}};
    CachedResponse kept{answer, bare, bare, std::string(etag), exchange.reads};
    kept.not_modified.status = 304;
    kept.compressed.body = compressed;
    kept.compressed.headers.emplace_back("Content-Encoding", "gzip");
    constexpr std::size_t overhead = 1024;
    const auto cost = answer.body.size() + kept.compressed.body.size() + exchange.http.target.size() + overhead;
    answers_.put(exchange.caller.tenant.value + "\n" + std::string(exchange.http.target), std::move(kept), cost);
}

} // namespace estante
