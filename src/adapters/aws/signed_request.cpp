#include "adapters/aws/signed_request.hpp"

#include "adapters/aws/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace estante::aws {

namespace {

constexpr std::size_t max_cached_keys = 4096;
constexpr std::size_t max_short_body_bytes = 16 << 10; // sent in one write with the head, and in one TLS record
constexpr std::string_view payload_hash_header = "X-Amz-Content-Sha256";

void reject_control_characters(std::string_view text)
{
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; }))
        throw std::invalid_argument("a header or the path of a request contains a control character");
}

// Below the path of the endpoint.
std::string full_path(const EndpointUrl& url, const Request& request)
{
    const auto base = url.target.substr(0, url.target.find('?'));
    if (base.empty() || base == "/")
        return request.path;
    return std::string(base.ends_with('/') ? base.substr(0, base.size() - 1) : base) + request.path;
}

bool needs_content_length(const PreparedRequest& prepared)
{
    const auto& method = prepared.request.method;
    return !prepared.body->empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

WireRequest serialize(const PreparedRequest& prepared, const Headers& headers, std::string_view authorization)
{
    const Request& request = prepared.request;
    const bool has_short_body = prepared.body->size() <= max_short_body_bytes;
    WireRequest out{.is_head_request = request.method == "HEAD"};
    out.head.reserve(1024 + (has_short_body ? prepared.body->size() : 0));
    ((out.head += request.method) += ' ') += request.path;
    if (!prepared.query.empty())
        (out.head += '?') += prepared.query;
    out.head += " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers)
        (((out.head += name) += ": ") += value) += "\r\n";
    if (!authorization.empty())
        ((out.head += "Authorization: ") += authorization) += "\r\n";
    if (needs_content_length(prepared))
        fmt::format_to(std::back_inserter(out.head), "Content-Length: {}\r\n", prepared.body->size());
    out.head += "User-Agent: estante\r\n\r\n";
    if (has_short_body)
        out.head += *prepared.body;
    else
        out.body = prepared.body;
    return out;
}

Headers headers_with_host(const PreparedRequest& prepared, std::size_t reserved_count)
{
    Headers headers;
    headers.reserve(prepared.request.headers.size() + 1 + reserved_count);
    const auto url = parse_endpoint_url(prepared.url);
    headers.emplace_back("Host", url ? url->authority : std::string_view());
    headers.insert(headers.end(), prepared.request.headers.begin(), prepared.request.headers.end());
    return headers;
}

} // namespace

Digest SigningKeyCache::get_or_derive(const Credentials& key, const std::string& id_and_scope,
                                      std::string_view amz_date, const Service& service)
{
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = entries_.find(id_and_scope);
            found != entries_.end() && found->second.secret == key.secret)
            return found->second.signing_key;
    }
    const Digest derived = signing_key(key.secret, amz_date, service.region, service.name);
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= max_cached_keys)
        entries_.clear(); // most are of past days and sessions, and the others are cheap to derive again
    entries_.insert_or_assign(id_and_scope, Entry{.secret = key.secret, .signing_key = derived});
    return derived;
}

PreparedRequest prepare(std::string url, Request request, bool will_be_signed)
{
    reject_control_characters(request.path);
    for (const auto& [name, value] : request.headers) {
        reject_control_characters(name);
        reject_control_characters(value);
    }
    PreparedRequest prepared{.url = std::move(url),
                             .query = canonical_query(request.query),
                             .body = std::make_shared<const std::string>(std::move(request.body))};
    if (const auto parsed = parse_endpoint_url(prepared.url))
        request.path = full_path(*parsed, request);
    if (will_be_signed) {
        prepared.payload_hash = find_header(request.headers, payload_hash_header);
        if (prepared.payload_hash.empty())
            prepared.payload_hash = hex(sha256(*prepared.body));
    }
    prepared.request = std::move(request);
    return prepared;
}

WireRequest unsigned_request(const PreparedRequest& prepared)
{
    return serialize(prepared, headers_with_host(prepared, 0), {});
}

WireRequest signed_request(const PreparedRequest& prepared, const Service& service, const Credentials& key,
                           std::int64_t now_ms, SigningKeyCache& signing_keys)
{
    const auto date = amz_date(now_ms);
    Headers headers = headers_with_host(prepared, 3);
    headers.emplace_back("X-Amz-Date", date);
    if (!key.session_token.empty()) {
        reject_control_characters(key.session_token);
        headers.emplace_back("X-Amz-Security-Token", key.session_token);
    }
    // Only S3 requires this header.
    if (service.sign_path_once && find_header(prepared.request.headers, payload_hash_header).empty())
        headers.emplace_back(payload_hash_header, prepared.payload_hash);

    const auto canonical =
        canonical_request({.method = prepared.request.method,
                           .path = prepared.request.path,
                           .query = prepared.query,
                           .headers = headers,
                           .payload_hash = prepared.payload_hash,
                           .path_rule = service.sign_path_once ? PathRule::as_sent : PathRule::normalized});
    const auto scope = credential_scope(date, service.region, service.name);
    const auto signing_key = signing_keys.get_or_derive(key, fmt::format("{}/{}", key.id, scope), date, service);
    const auto request_signature = signature(signing_key, string_to_sign(date, scope, canonical.text));
    return serialize(prepared, headers, authorization(key.id, scope, canonical.signed_headers, request_signature));
}

} // namespace estante::aws
