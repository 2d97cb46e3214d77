#include "gateway/gateway.hpp"

#include "gateway/encoding.hpp"
#include "gateway/route.hpp"

#include <spdlog/spdlog.h>

#include <system_error>

namespace estante {

Gateway::Gateway(const Ports& ports, const SigningKeys& keys, const PartitionVersions& partition_versions,
                 Settings settings)
    : ports_(ports),
      keys_(keys),
      partition_versions_(partition_versions),
      settings_(std::move(settings)),
      admission_(
          ports, keys, partition_versions,
          {.max_cached_sessions = settings_.max_cached_sessions, .max_cached_tenants = settings_.max_cached_tenants}),
      responses_(settings_.response_cache_bytes)
{
}

bool Gateway::is_upload(Method method, std::string_view target) const
{
    const auto match = admission_.router().find(method, target);
    const auto* found = std::get_if<Router::Found>(&match);
    return found && found->route->upload;
}

const HttpResponse* Gateway::find_cached(const HttpRequest& http)
{
    if (!is_read(http.method))
        return nullptr;
    std::string_view tenant = http.tenant;
    if (!http.authorization.empty()) {
        const auto* session = admission_.find_session(http.authorization);
        if (!session || (!tenant.empty() && tenant != session->caller.tenant.value))
            return nullptr;
        tenant = session->caller.tenant.value;
    }
    if (tenant.empty() || !settings_.domain.empty() || !http.cart_token.empty())
        return nullptr;
    return responses_.find(tenant, http);
}

Task<HttpResponse> Gateway::handle(const HttpRequest& http, std::string_view trace_id)
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
            co_return respond(exchange, std::move(*reply));
        error = std::move(reply.error());
    } catch (const std::system_error& exception) {
        if (exception.code() != std::errc::resource_unavailable_try_again)
            spdlog::error("trace {}: {}", trace_id, exception.what());
        error = failure(Errc::unavailable, "El servicio está saturado. Vuelva a intentarlo dentro de un segundo.",
                        "The service is overloaded. Try again in a second.")
                    .error();
        error.retry_after_s = 1;
    } catch (const std::exception& exception) {
        spdlog::error("trace {}: {}", trace_id, exception.what());
        error = failure(Errc::internal, "Error interno. Indique el trace_id al operador.",
                        "Internal error. Give the trace_id to the operator.")
                    .error();
    }
    if (error.code == Errc::unavailable)
        spdlog::warn("trace {}: unavailable: {}", trace_id, error.detail.en);
    auto response = problem(error, preferred_language(http.accept_language), trace_id);
    if (!exchange.allow.empty())
        response.headers.emplace_back("Allow", exchange.allow);
    co_return response;
}

Task<Result<Reply>> Gateway::process(Exchange& exchange)
{
    if (auto reply = service_endpoint(exchange.http))
        co_return std::move(*reply);
    if (auto routed = admission_.find_route(exchange); !routed) {
        if (exchange.http.method == Method::options && !exchange.allow.empty())
            co_return Reply{.status = 204};
        co_return std::unexpected(std::move(routed.error()));
    }
    if (auto acceptable = check_accept(exchange.http.accept, *exchange.route); !acceptable)
        co_return std::unexpected(std::move(acceptable.error()));
    if (auto identified = co_await admission_.identify(exchange); !identified)
        co_return std::unexpected(std::move(identified.error()));
    if (auto allowed = Admission::check_rights(exchange); !allowed)
        co_return std::unexpected(std::move(allowed.error()));
    co_return co_await exchange.route->call(exchange);
}

// The endpoints that need no tenant.
std::optional<Reply> Gateway::service_endpoint(const HttpRequest& http) const
{
    if (!is_read(http.method))
        return std::nullopt;
    const auto path = http.target.substr(0, http.target.find('?'));
    if (path == "/healthz")
        return Reply{.body = R"({"status":"ok"})"};
    if (path == "/readyz") {
        const bool ready = !settings_.ready || settings_.ready();
        return Reply{.status = ready ? 200 : 503, .body = ready ? R"({"status":"ready"})" : R"({"status":"starting"})"};
    }
    if (path == "/openapi.json")
        return Reply{.body = openapi_document()};
    return std::nullopt;
}

HttpResponse Gateway::respond(const Exchange& exchange, Reply reply)
{
    const HttpRequest& http = exchange.http;
    const std::string etag = reply.etag;
    HttpResponse full = encode(exchange, std::move(reply));
    std::string gzip_body = compress_body(http, full);
    const bool is_read_ok = is_read(http.method) && full.status == 200;
    if (is_read_ok && exchange.route && exchange.route->cacheable)
        responses_.put(exchange.caller.tenant.value, http, full, gzip_body, etag, exchange.reads);
    if (is_read_ok && matches_etag(http.if_none_match, etag))
        return to_not_modified(std::move(full));
    if (!gzip_body.empty())
        return to_compressed(std::move(full), std::move(gzip_body));
    return full;
}

} // namespace estante
