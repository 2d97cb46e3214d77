// One request on its way through the gateway: what the parts of it have found out so far.
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
    const Keys& keys;
    std::string_view domain{}; // of host names that name a shop
    const Route* route = nullptr;
    Map path{};  // parameters of the path, decoded
    Map query{}; // of the query string, decoded; the last of a repeated name
    Caller caller{};
    TenantStatus shop{}; // of the caller's shop, once it is settled
    std::string allow{}; // the methods of the path, where the answer says them
    const PartitionVersions& partition_versions;
    ReadSet reads;
    std::int64_t token_ends_ms = 0; // of a caller with a token
};

// What an operation answered, in HTTP's terms.
struct Reply {
    int status = 200;
    std::string body{}; // JSON, or of `content_type`
    std::string etag{};
    std::string location{};
    std::string_view content_type = "application/json";
    bool replayed = false;
    std::string file_name{};               // under which a browser saves it
    std::shared_ptr<EventSource> events{}; // what follows `body`
};

// Fills a request struct: members named in the path from the path; If-Match from its header; the others from the JSON
// body where the method has one, else from the query string. All faults at once, or one of the codes invalid,
// unsupported_media_type, precondition_required.
Result<void> read_request(const Exchange& exchange, void* request, std::span<const codec::Field> fields);

// The tenant that a request without a token names: header, host name or body; all that name one agree.
// `in_body` is empty where the body names none.
Result<TenantId> named_tenant(const HttpRequest& http, std::string_view in_body, std::string_view domain);

// Page tokens are bound to tenant, user and query (without the page itself).
std::string seal_page_token(const Exchange& exchange, std::string_view text);
std::optional<std::string> open_page_token(const Exchange& exchange, std::string_view sealed);
Error foreign_page_token();

} // namespace estante
