// The HTTP form of replies: content negotiation, headers, validators and compression.
#pragma once

#include "gateway/exchange.hpp"

#include <string>
#include <string_view>

namespace estante {

// Whether Accept allows this media type (RFC 9110, 12.5.1); an absent header allows all.
bool accepts(std::string_view accept, std::string_view media_type);
// Errors: not_acceptable, when the route produces no type that Accept allows.
Result<void> check_accept(std::string_view accept, const Route& route);
// Whether Accept-Encoding allows gzip (RFC 9110, 12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

// Weak comparison with the list or * of If-None-Match (RFC 9110, 13.1.2); false for an empty ETag.
bool matches_etag(std::string_view if_none_match, std::string_view etag);

// The full response, uncompressed.
HttpResponse encode(const Exchange& exchange, Reply reply);
// The body as gzip, or "" if it is short or the client does not accept gzip.
std::string compress_body(const HttpRequest& http, const HttpResponse& full);
// The full response with a body from compress_body.
HttpResponse to_compressed(HttpResponse full, std::string gzip_body);
// 304 with the headers of the full response.
HttpResponse to_not_modified(HttpResponse full);

} // namespace estante
