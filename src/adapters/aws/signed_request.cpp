#include "adapters/aws/signed_request.hpp"

#include "adapters/aws/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace estante::aws {

namespace {

constexpr std::size_t max_kept_keys = 4096;
constexpr std::size_t short_body = 16 << 10; // goes in one write with the head, and in one record of TLS
constexpr std::string_view payload_hash_header = "X-Amz-Content-Sha256";

void refuse_control_characters(std::string_view text)
{
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; }))
        throw std::invalid_argument("a request's header or path holds a control character");
}

std::string path_of(const Url& url, const Request& request)
{
    const auto base = url.target.substr(0, url.target.find('?'));
    if (base.empty() || base == "/")
        return request.path;
    return std::string(base.ends_with('/') ? base.substr(0, base.size() - 1) : base) + request.path;
}

bool needs_length(const Prepared& prepared)
{
    const auto& method = prepared.request.method;
    return !prepared.body->empty() || method == "POST" || method == "PUT" || method == "PATCH";
}

Outgoing outgoing(const Prepared& prepared, const Headers& headers, std::string_view authorization)
{
    const Request& request = prepared.request;
    const bool one_piece = prepared.body->size() <= short_body;
    Outgoing out{.no_body_answered = request.method == "HEAD"};
    out.head.reserve(1024 + (one_piece ? prepared.body->size() : 0));
    ((out.head += request.method) += ' ') += request.path;
    if (!prepared.query.empty())
        (out.head += '?') += prepared.query;
    out.head += " HTTP/1.1\r\n";
    for (const auto& [name, value] : headers)
        (((out.head += name) += ": ") += value) += "\r\n";
    if (!authorization.empty())
        ((out.head += "Authorization: ") += authorization) += "\r\n";
    if (needs_length(prepared))
        fmt::format_to(std::back_inserter(out.head), "Content-Length: {}\r\n", prepared.body->size());
    out.head += "User-Agent: estante\r\n\r\n";
    if (one_piece)
        out.head += *prepared.body;
    else
        out.body = prepared.body;
    return out;
}

Headers headers_with_host(const Prepared& prepared, std::size_t more)
{
    Headers headers;
    headers.reserve(prepared.request.headers.size() + 1 + more);
    const auto url = parse_url(prepared.url);
    headers.emplace_back("Host", url ? url->authority : std::string_view());
    headers.insert(headers.end(), prepared.request.headers.begin(), prepared.request.headers.end());
    return headers;
}

} // namespace

Digest SigningKeys::of(const AccessKey& key, const std::string& id_and_scope, std::string_view amz_date,
                       const Service& service)
{
    {
        const std::lock_guard lock(mutex_);
        if (const auto kept = kept_.find(id_and_scope); kept != kept_.end() && kept->second.secret == key.secret)
            return kept->second.key;
    }
    const Digest made = signing_key(key.secret, amz_date, service.region, service.name);
    const std::lock_guard lock(mutex_);
    if (kept_.size() >= max_kept_keys)
        kept_.clear(); // those of days and sessions gone by; the others are made again
    kept_.insert_or_assign(id_and_scope, Kept{.secret = key.secret, .key = made});
    return made;
}

Prepared prepare(std::string url, Request request, bool to_sign)
{
    refuse_control_characters(request.path);
    for (const auto& [name, value] : request.headers) {
        refuse_control_characters(name);
        refuse_control_characters(value);
    }
    Prepared prepared{.url = std::move(url),
                      .query = canonical_query(request.query),
                      .body = std::make_shared<const std::string>(std::move(request.body))};
    if (const auto parsed = parse_url(prepared.url))
        request.path = path_of(*parsed, request);
    if (to_sign) {
        prepared.payload_hash = header_of(request.headers, payload_hash_header);
        if (prepared.payload_hash.empty())
            prepared.payload_hash = hex(sha256(*prepared.body));
    }
    prepared.request = std::move(request);
    return prepared;
}

Outgoing unsigned_request(const Prepared& prepared)
{
    return outgoing(prepared, headers_with_host(prepared, 0), {});
}

Outgoing signed_request(const Prepared& prepared, const Service& service, const AccessKey& key, std::int64_t now_ms,
                        SigningKeys& keys)
{
    const auto date = amz_date(now_ms);
    Headers headers = headers_with_host(prepared, 3);
    headers.emplace_back("X-Amz-Date", date);
    if (!key.session_token.empty()) {
        refuse_control_characters(key.session_token);
        headers.emplace_back("X-Amz-Security-Token", key.session_token);
    }
    // Only S3 asks for it.
    if (service.sign_path_once && header_of(prepared.request.headers, payload_hash_header).empty())
        headers.emplace_back(payload_hash_header, prepared.payload_hash);

    const auto canonical =
        canonical_request({.method = prepared.request.method,
                           .path = prepared.request.path,
                           .query = prepared.query,
                           .headers = headers,
                           .payload_hash = prepared.payload_hash,
                           .path_rule = service.sign_path_once ? PathRule::as_sent : PathRule::normalized});
    const auto scope = credential_scope(date, service.region, service.name);
    const auto kept_key = keys.of(key, fmt::format("{}/{}", key.id, scope), date, service);
    const auto mark = signature(kept_key, string_to_sign(date, scope, canonical.text));
    return outgoing(prepared, headers, authorization(key.id, scope, canonical.signed_headers, mark));
}

} // namespace estante::aws
