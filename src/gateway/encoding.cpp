#include "gateway/encoding.hpp"

#include "codec/gzip.hpp"
#include "gateway/preferences.hpp"
#include "gateway/route.hpp"
#include "gateway/tokens.hpp"

#include <fmt/format.h>

namespace estante {

namespace {

constexpr std::size_t min_compress_bytes = 1024;

} // namespace

bool accepts(std::string_view accept, std::string_view media_type)
{
    media_type = media_type.substr(0, media_type.find(';'));
    if (accept.empty() || accept.contains("*/*") || accept.contains(media_type))
        return true;
    return accept.contains(fmt::format("{}/*", media_type.substr(0, media_type.find('/'))));
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
    return failure(Errc::not_acceptable, fmt::format("Este endpoint produce {}. Acepte ese tipo en Accept.", types),
                   fmt::format("This endpoint produces {}. Accept that type in the Accept header.", types));
}

bool accepts_gzip(std::string_view accept_encoding)
{
    bool accepted = false;
    each_preference(accept_encoding, [&](std::string_view coding, double quality) {
        accepted = coding == "gzip" && quality > 0;
        return coding != "gzip";
    });
    return accepted;
}

bool matches_etag(std::string_view if_none_match, std::string_view etag)
{
    return !etag.empty() && !if_none_match.empty() &&
           (if_none_match == "*" || if_none_match.contains(fmt::format("\"{}\"", etag)));
}

HttpResponse encode(const Exchange& exchange, Reply reply)
{
    HttpResponse response{.status = reply.status,
                          .content_type = reply.content_type,
                          .body = std::move(reply.body),
                          .headers = {},
                          .events = std::move(reply.events)};
    auto& headers = response.headers;
    if (!exchange.allow.empty())
        headers.emplace_back("Allow", exchange.allow);
    const Route* route = exchange.route;
    headers.emplace_back("Cache-Control", route && route->is_public ? "public, no-cache" : "private, no-store");
    headers.emplace_back("Vary", route && !route->other_types.empty()
                                     ? "Accept, Authorization, X-Tenant-Id, X-Cart-Token, Accept-Encoding"
                                     : "Authorization, X-Tenant-Id, X-Cart-Token, Accept-Encoding");
    if (!reply.etag.empty())
        headers.emplace_back("ETag", fmt::format("\"{}\"", reply.etag));
    if (!reply.location.empty() && (reply.status == 201 || reply.status == 202))
        headers.emplace_back("Location", std::move(reply.location));
    if (!reply.file_name.empty())
        headers.emplace_back("Content-Disposition", fmt::format("attachment; filename=\"{}\"", reply.file_name));
    if (response.events)
        headers.emplace_back("X-Accel-Buffering", "no"); // or proxies hold back events until a buffer is full
    if (reply.replayed)
        headers.emplace_back("Idempotent-Replayed", "true");
    if (route && route->issues_guest_token && !exchange.caller.is_user())
        headers.emplace_back("X-Cart-Token", cart_token(exchange.keys, exchange.caller.tenant, exchange.caller.guest));
    return response;
}

std::string compress_body(const HttpRequest& http, const HttpResponse& full)
{
    if (full.body.size() < min_compress_bytes || !accepts_gzip(http.accept_encoding))
        return {};
    return gzip(full.body);
}

HttpResponse to_compressed(HttpResponse full, std::string gzip_body)
{
    full.body = std::move(gzip_body);
    full.headers.emplace_back("Content-Encoding", "gzip");
    return full;
}

HttpResponse to_not_modified(HttpResponse full)
{
    full.status = 304;
    full.body.clear();
    return full;
}

} // namespace estante
