// The pipeline that every request passes, on every host: admission, idempotency, the operation, encoding, and a cache
// of responses.
//
// A gateway belongs to one event loop: its caches have no locks. All gateways share the ports.
#pragma once

#include "gateway/admission.hpp"
#include "gateway/exchange.hpp"
#include "gateway/problem.hpp"
#include "gateway/response_cache.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace estante {

class Gateway {
public:
    struct Settings {
        std::string domain{};                        // a shop is also found by its host name, {tenant}.{domain}
        std::size_t response_cache_bytes = 16 << 20; // of each of two generations
        std::size_t max_cached_sessions = 20'000;
        std::size_t max_cached_tenants = 10'000;
        std::function<bool()> ready{}; // for /readyz; absent: always ready
    };

    Gateway(const Ports& ports, const SigningKeys& keys, const PartitionVersions& partition_versions,
            Settings settings);

    // The cached response to a request, or nullptr. It is valid until the next call of this gateway.
    const HttpResponse* find_cached(const HttpRequest& http);

    // Never throws: an unexpected exception is logged with the trace id and becomes a 500. `http` and the buffers that
    // it points into must outlive the task.
    Task<HttpResponse> handle(const HttpRequest& http, std::string_view trace_id);

    // Whether the host must spool the body of this request to a file instead of memory.
    bool is_upload(Method method, std::string_view target) const;

private:
    const Ports& ports_;
    const SigningKeys& keys_;
    const PartitionVersions& partition_versions_;
    Settings settings_;
    Admission admission_;
    ResponseCache responses_;

    Task<Result<Reply>> process(Exchange& exchange);
    std::optional<Reply> service_endpoint(const HttpRequest& http) const;
    HttpResponse respond(const Exchange& exchange, Reply reply);
};

// The OpenAPI 3.1 document of all routes, made from the route tables and the described structs.
const std::string& openapi_document();

} // namespace estante
