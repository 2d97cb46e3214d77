#include "hosts/server/http_messages.hpp"

#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace estante {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::string_view fixed_headers = "Server: estante\r\n"
                                           "X-Content-Type-Options: nosniff\r\n"
                                           "Referrer-Policy: no-referrer\r\n";

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

// The client's request id is echoed in a header and logged: printable ASCII only, and a bounded length.
bool is_request_id(std::string_view id)
{
    return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7F'; });
}

void append_header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

HttpRequest to_request(const HttpMessage& message)
{
    HttpRequest request;
    request.method = method_from(view(message.method_string()));
    request.target = view(message.target());
    for (const auto& field : message) {
        const auto value = view(field.value());
        switch (field.name()) {
        case http::field::accept:
            request.accept = value;
            break;
        case http::field::accept_encoding:
            request.accept_encoding = value;
            break;
        case http::field::accept_language:
            request.accept_language = value;
            break;
        case http::field::authorization:
            request.authorization = value;
            break;
        case http::field::content_type:
            request.content_type = value;
            break;
        case http::field::host:
            request.host = value;
            break;
        case http::field::if_match:
            request.if_match = value;
            break;
        case http::field::if_none_match:
            request.if_none_match = value;
            break;
        case http::field::unknown:
            if (const auto name = field.name_string(); beast::iequals(name, "X-Tenant-Id"))
                request.tenant = value;
            else if (beast::iequals(name, "X-Cart-Token"))
                request.cart_token = value;
            else if (beast::iequals(name, "X-Request-Id"))
                request.request_id = value;
            else if (beast::iequals(name, "Idempotency-Key"))
                request.idempotency_key = value;
            else if (beast::iequals(name, "Last-Event-ID"))
                request.last_event_id = value;
            break;
        default:
            break;
        }
    }
    if (!is_request_id(request.request_id))
        request.request_id = {};
    return request;
}

void write_response(std::string& out, const HttpResponse& response, std::string_view request_id, bool is_head,
                    bool keep_alive)
{
    out.clear();
    if (response.status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
        fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, view(reason));
    }
    if (response.status != 204 && response.status != 304)
        append_header(out, "Content-Type", response.content_type);
    if (response.events)
        append_header(out, "Transfer-Encoding", "chunked");
    else if (response.status != 204 && response.status != 304)
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.size());
    for (const auto& [name, value] : response.headers)
        append_header(out, name, value);
    append_header(out, "X-Request-Id", request_id);
    out += fixed_headers;
    if (!keep_alive)
        out += "Connection: close\r\n";
    out += "\r\n";
    if (!is_head)
        out += response.body;
}

} // namespace estante
