// One request on its way through the gateway, with the results of the stages that it has passed.
#pragma once

#include "codec/described.hpp"
#include "domain/caller.hpp"
#include "domain/tenant.hpp"
#include "gateway/http.hpp"
#include "gateway/keys.hpp"
#include "gateway/wiring.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct Route;

struct Exchange {
    const HttpRequest& http;
    const Ports& ports;
    const SigningKeys& keys;
    std::string_view domain{}; // of host names that name a shop: {tenant}.{domain}
    const Route* route = nullptr;
    Map path{};  // path parameters, decoded
    Map query{}; // query parameters, decoded; of a repeated name the last
    Caller caller{};
    TenantStatus tenant_status{};
    std::string allow{}; // the Allow header of the response, where it has one
    const PartitionVersions& partition_versions;
    ReadSet reads;                  // of everything that the response is made from
    std::int64_t token_ends_ms = 0; // of a caller with an access token
};

// The result of an operation in HTTP terms, before content negotiation and compression.
struct Reply {
    int status = 200;
    std::string body{};
    std::string etag{};
    std::string location{};
    std::string_view content_type = "application/json";
    bool replayed = false;
    std::string file_name{};               // a browser saves the body under this name
    std::shared_ptr<EventSource> events{}; // streamed after `body`
};

// Fills a request struct: path parameters, If-Match from its header, and the other members from the JSON body, or from
// the query string where the method has no body.
// Errors: invalid (with all faults), unsupported_media_type, precondition_required, not_found (a malformed id in the
// path).
Result<void> read_request(const Exchange& exchange, void* request, std::span<const codec::Field> fields);

// Page tokens are bound to tenant, user, path and query, without the parameters of the page itself.
std::string seal_page_token(const Exchange& exchange, std::string_view text);
std::optional<std::string> open_page_token(const Exchange& exchange, std::string_view sealed);
Error invalid_page_token();

} // namespace estante
