// What every request passes, on every host: route, tenant and token, limits, idempotency, problems, and the answers
// that are kept while what they were made from stands.
//
// A gateway belongs to one event loop: its caches have no locks. The ports that it hands on are shared by all loops.
#pragma once

#include "cache/generational_cache.hpp"
#include "domain/tenant.hpp"
#include "gateway/exchange.hpp"
#include "gateway/problem.hpp"
#include "gateway/router.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

class Gateway {
public:
    struct Settings {
        std::string domain{};                        // shops are also found by host name: {tenant}.{domain}
        std::size_t response_cache_bytes = 16 << 20; // of each of two generations
        std::size_t max_cached_sessions = 20'000;
        std::size_t max_cached_tenants = 10'000;
        std::function<bool()> ready{}; // for /readyz; absent: always
    };

    Gateway(const Ports& ports, const Keys& keys, const PartitionVersions& partition_versions, Settings settings);
    ~Gateway();

    // The kept answer to a request, or nullptr. It is valid until the next call of this gateway.
    const HttpAnswer* kept(const HttpRequest& http);

    // Never throws: what nobody expected is logged with the trace id and answered with 500. `http` and the buffers that
    // it points into outlive the task.
    Task<HttpAnswer> handle(const HttpRequest& http, std::string_view trace_id);

    // Whether the host is to spool the body of this request into a file instead of memory.
    bool is_upload(Method method, std::string_view target) const;

private:
    struct CachedSession {
        Caller caller;
        TenantStatus shop;
        std::int64_t ends_ms;
        ReadSet reads;
    };
    struct CachedTenant {
        TenantStatus status;
        ReadSet reads;
    };
    struct CachedResponse {
        HttpAnswer whole;
        HttpAnswer compressed; // with an empty body when it is not worth it
        HttpAnswer not_modified;
        std::string etag;
        ReadSet reads;
    };

    const Ports& ports_;
    const Keys& keys_;
    const PartitionVersions& partition_versions_;
    Settings settings_;
    Router router_;
    GenerationalCache<CachedSession> sessions_;
    GenerationalCache<CachedTenant> shops_; // by id
    GenerationalCache<CachedResponse> answers_;
    std::string key_; // a buffer for the key of `kept`

    const CachedSession* find_session(std::string_view authorization);
    Task<Result<Reply>> process(Exchange& exchange);
    Task<Result<void>> identify(Exchange& exchange);
    Task<Result<void>> resolve_cached_tenant(Exchange& exchange);
    Task<Result<void>> identify_by_token(Exchange& exchange);
    HttpAnswer finish(Exchange& exchange, Reply reply);
    void keep(const Exchange& exchange, const HttpAnswer& answer, const std::string& compressed, std::string_view etag);
};

// The OpenAPI 3.1 document of all routes, made from the tables and the described structs.
const std::string& openapi_document();

} // namespace estante
