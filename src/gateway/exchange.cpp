#include "gateway/exchange.hpp"

#include "gateway/route.hpp"
#include "gateway/tokens.hpp"

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

// `"3"`, `W/"3"` and a bare 3 are read alike: versions are compared, not bytes.
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

// The members of a request that come as text, from path and query.
void read_texts(codec::Reader& reader, const Exchange& exchange, void* request, std::span<const codec::Field> fields,
                bool query_too)
{
    for (const codec::Field& field : fields) {
        const Value* value = find(exchange.path, field.name);
        if (!value && query_too && !field.is_if_match)
            value = find(exchange.query, field.name);
        reader.at_member(field.name, [&] {
            if (value)
                field.read(reader, *value, request);
            else if (query_too && !field.is_if_match && !field.optional_in_request)
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
                return failure(Errc::precondition_required,
                               "Falta la cabecera If-Match con la versión que ha leído (ETag).",
                               "The header If-Match with the version that you read (ETag) is missing.");
            codec::Reader header;
            if (!exchange.http.if_match.empty() && exchange.http.if_match != "*")
                field.read(header, Value(unquoted(exchange.http.if_match)), request);
        } else if (!exchange.path.contains(field.name)) {
            in_body.push_back(field);
        }
    }
    codec::Reader texts;
    texts.source = codec::Reader::Source::text;
    read_texts(texts, exchange, request, fields, !body);
    // A malformed id in a path is an id that never existed.
    for (const Fault& fault : texts.faults) {
        if (fault.code == "bad_format" && exchange.path.contains(std::string_view(fault.pointer).substr(1)))
            return std::unexpected(not_found_here());
    }
    if (body) {
        auto value = parse_body(exchange.http);
        if (!value)
            return std::unexpected(value.error());
        codec::Reader reader;
        if (const Map* map = reader.members(*value))
            codec::read_members(reader, *map, request, in_body);
        std::ranges::move(reader.faults, std::back_inserter(texts.faults));
    }
    if (!texts.faults.empty())
        return invalid(std::move(texts.faults));
    return {};
}

Result<TenantId> named_tenant(const HttpRequest& http, std::string_view in_body, std::string_view domain)
{
    std::string_view in_host;
    const auto host = http.host.substr(0, http.host.find(':'));
    if (!domain.empty() && host.size() > domain.size() + 1 && host.ends_with(domain) &&
        host[host.size() - domain.size() - 1] == '.')
        in_host = host.substr(0, host.size() - domain.size() - 1);

    std::string_view named;
    for (const auto name : {in_body, http.tenant, in_host}) {
        if (name.empty())
            continue;
        if (!named.empty() && named != name)
            return failure(Errc::forbidden, "La petición nombra dos tiendas distintas.",
                           "The request names two different shops.");
        named = name;
    }
    if (named.empty())
        return invalid("X-Tenant-Id", "required", "falta la tienda: envíe la cabecera X-Tenant-Id",
                       "no shop is named: send the header X-Tenant-Id");
    auto tenant = TenantId::parse(named);
    if (!tenant)
        return std::unexpected(not_found_here());
    return std::move(*tenant);
}

std::string seal_page_token(const Exchange& exchange, std::string_view text)
{
    return seal(exchange.keys, page_scope(exchange), text);
}

std::optional<std::string> open_page_token(const Exchange& exchange, std::string_view sealed)
{
    return open_seal(exchange.keys, page_scope(exchange), sealed);
}

Error foreign_page_token()
{
    return invalid("?cursor", "bad_cursor", "no es un cursor de esta lista: empiece otra vez sin cursor",
                   "is not a cursor of this list: begin again without it")
        .error();
}

} // namespace estante
