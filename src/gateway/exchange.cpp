#include "gateway/exchange.hpp"

#include "gateway/route.hpp"
#include "gateway/tenant_resolution.hpp"
#include "gateway/tokens.hpp"
#include "ports/search_index.hpp"

#include <algorithm>

namespace estante {

namespace {

bool has_body(Method method)
{
    return method == Method::post || method == Method::put || method == Method::patch;
}

bool is_json(std::string_view content_type)
{
    const auto type = content_type.substr(0, content_type.find(';'));
    return type == "application/json" || type == "application/merge-patch+json" || type == "application/json ";
}

// `"3"`, `W/"3"` and a bare 3 are the same version.
std::string_view unquoted(std::string_view etag)
{
    if (etag.starts_with("W/"))
        etag.remove_prefix(2);
    if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"'))
        etag = etag.substr(1, etag.size() - 2);
    return etag;
}

Result<Value> parse_body(const HttpRequest& http)
{
    if (http.body.empty())
        return Value(Map());
    if (!is_json(http.content_type))
        return failure(Errc::unsupported_media_type, "El cuerpo debe enviarse como application/json.",
                       "The body must be sent as application/json.");
    auto value = json::parse(http.body);
    if (!value)
        return invalid("", "malformed_json",
                       "el cuerpo no es JSON válido (byte " + std::to_string(value.error().offset) + ": " +
                           value.error().reason + ")",
                       "the body is not valid JSON (byte " + std::to_string(value.error().offset) + ": " +
                           value.error().reason + ")");
    return std::move(*value);
}

// Reads the members that are text: those in the path, and with `with_query` those in the query string.
void read_parameters(codec::Reader& reader, const Exchange& exchange, void* request,
                     std::span<const codec::Field> fields, bool with_query)
{
    for (const codec::Field& field : fields) {
        const Value* value = find(exchange.path, field.name);
        if (!value && with_query && !field.is_if_match)
            value = find(exchange.query, field.name);
        reader.at_member(field.name, [&] {
            if (value)
                field.read(reader, *value, request);
            else if (with_query && !field.is_if_match && !field.optional_in_request)
                reader.add_missing();
        });
    }
}

std::string page_scope(const Exchange& exchange)
{
    std::string scope = exchange.caller.tenant.value;
    const auto path = exchange.http.target.substr(0, exchange.http.target.find('?'));
    ((((scope += '\n') += exchange.caller.user.value) += '\n') += path) += '\n';
    for (const auto& [name, value] : exchange.query) {
        if (name != "cursor" && name != "limit")
            ((((scope += name) += '=') += *value.if_string()) += '&');
    }
    return scope;
}

} // namespace

Result<void> read_request(const Exchange& exchange, void* request, std::span<const codec::Field> fields)
{
    const bool body = has_body(exchange.http.method) && !exchange.route->upload;
    std::vector<codec::Field> in_body;
    for (const codec::Field& field : fields) {
        if (field.is_if_match) {
            if (exchange.http.if_match.empty() && !field.optional_in_request)
                return failure(Errc::precondition_required, "Falta la cabecera If-Match. Envíe el ETag que ha leído.",
                               "The If-Match header is missing. Send the ETag that you read.");
            codec::Reader header;
            if (!exchange.http.if_match.empty() && exchange.http.if_match != "*")
                field.read(header, Value(unquoted(exchange.http.if_match)), request);
        } else if (!exchange.path.contains(field.name)) {
            in_body.push_back(field);
        }
    }
    codec::Reader reader;
    reader.source = codec::Reader::Source::text;
    read_parameters(reader, exchange, request, fields, !body);
    // No resource has a malformed id.
    for (const Fault& fault : reader.faults) {
        if (fault.code == "bad_format" && exchange.path.contains(std::string_view(fault.pointer).substr(1)))
            return std::unexpected(resource_not_found());
    }
    if (body) {
        auto value = parse_body(exchange.http);
        if (!value)
            return std::unexpected(value.error());
        codec::Reader body_reader;
        if (const Map* map = body_reader.members(*value))
            codec::read_members(body_reader, *map, request, in_body);
        std::ranges::move(body_reader.faults, std::back_inserter(reader.faults));
    }
    if (!reader.faults.empty())
        return invalid(std::move(reader.faults));
    return {};
}

std::string seal_page_token(const Exchange& exchange, std::string_view text)
{
    constexpr std::size_t signature_length = 1 + 43; // a dot, and 32 bytes in base64
    static_assert((max_next_bytes * 4 + 2) / 3 + signature_length <= codec::Codec<PageToken>::max_length,
                  "a client can send back every cursor of a search");
    return seal(exchange.keys, page_scope(exchange), text);
}

std::optional<std::string> open_page_token(const Exchange& exchange, std::string_view sealed)
{
    return open_seal(exchange.keys, page_scope(exchange), sealed);
}

Error invalid_page_token()
{
    return invalid("?cursor", "bad_cursor", "no es un cursor de esta lista: empiece de nuevo sin cursor",
                   "is not a cursor of this list: start again without a cursor")
        .error();
}

} // namespace estante
