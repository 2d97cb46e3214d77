#include "gateway/gateway.hpp"
#include "gateway/live_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

bool takes_body(const Route& route)
{
    return route.method == Method::post || route.method == Method::put || route.method == Method::patch;
}

bool is_in_path(const Route& route, std::string_view name)
{
    return route.path.contains(fmt::format("{{{}}}", name));
}

Value header_parameter(std::string_view name, std::string_view description, bool required = false)
{
    return Map{{"name", name},
               {"in", "header"},
               {"required", required},
               {"description", description},
               {"schema", Map{{"type", "string"}}}};
}

List parameters_for(const Route& route, codec::Schemas& schemas)
{
    List parameters;
    for (const codec::Field& field : route.request()) {
        if (field.is_if_match)
            parameters.push_back(header_parameter("If-Match", "The ETag of the representation that you read",
                                                  !field.optional_in_request));
        else if (is_in_path(route, field.name))
            parameters.push_back(
                Map{{"name", field.name}, {"in", "path"}, {"required", true}, {"schema", field.schema(schemas)}});
        else if (!takes_body(route))
            parameters.push_back(Map{{"name", field.name},
                                     {"in", "query"},
                                     {"required", !field.optional_in_request},
                                     {"explode", false},
                                     {"schema", field.schema(schemas)}});
    }
    if (route.idempotency_table)
        parameters.push_back(header_parameter(
            "Idempotency-Key", "1 to 128 visible ASCII characters; a successful response is replayed for 24 h"));
    if (!route.tenant_in_body && (route.access == Access::anyone || route.access == Access::shopper))
        parameters.push_back(
            header_parameter("X-Tenant-Id", "The shop; not needed with an access token or a host name of the shop"));
    if (route.access == Access::shopper || route.tenant_in_body)
        parameters.push_back(header_parameter("X-Cart-Token", "The cart token of a guest"));
    if (std::ranges::find(route.other_types, event_stream_type) != route.other_types.end())
        parameters.push_back(
            header_parameter("Last-Event-ID", "The id of the last event received; the stream continues after it"));
    return parameters;
}

// The schema of the members of a request that are in its body; nothing if there are none.
std::optional<Value> body_schema(const Route& route, codec::Schemas& schemas)
{
    Map properties;
    List required;
    for (const codec::Field& field : route.request()) {
        if (field.is_if_match || is_in_path(route, field.name))
            continue;
        properties.emplace(std::string(field.name), field.schema(schemas));
        if (!field.optional_in_request)
            required.emplace_back(field.name);
    }
    if (properties.empty())
        return std::nullopt;
    Map schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty())
        schema.emplace("required", std::move(required));
    return schema;
}

Value content(std::string_view type, Value schema)
{
    return Map{{std::string(type), Map{{"schema", std::move(schema)}}}};
}

Map responses_for(const Route& route, codec::Schemas& schemas)
{
    Map responses;
    schemas.for_responses = true;
    Value schema = route.response_schema(schemas);
    schemas.for_responses = false;
    const bool nothing = text_of(*schema.if_map(), "$ref") == "#/components/schemas/Nothing";
    if (nothing) {
        schemas.components.erase("Nothing");
        responses.emplace("204", Value(Map{{"description", "No content"}}));
    } else {
        Value response = route.response_type == "application/json"
                             ? content(route.response_type, std::move(schema))
                             : content(route.response_type, Map{{"type", "string"}});
        for (const auto type : route.other_types) {
            Map text{{"type", "string"}};
            if (type == event_stream_type)
                text.emplace("description", "Events: sale and cancellation (analytics.LiveSale), today "
                                            "(analytics.LiveDay), gap (read again), end (with its reason)");
            std::get<Map>(response.data).merge(std::get<Map>(content(type, std::move(text)).data));
        }
        for (const auto* status : {"200", "201", "202"}) {
            const bool created = std::string_view(status) == "201";
            const bool accepted = std::string_view(status) == "202";
            if (accepted       ? !route.upload
                : route.upload ? true
                : created      ? !route.creates && route.method != Method::put
                               : route.creates)
                continue;
            responses.emplace(status, Value(Map{{"description", created    ? "Created"
                                                                : accepted ? "Accepted"
                                                                           : "OK"},
                                                {"content", response}}));
        }
    }
    if (route.method == Method::get)
        responses.emplace("304", Value(Map{{"description", "Not modified: If-None-Match has the current ETag"}}));
    responses.emplace(
        "default",
        Value(Map{{"description", "A problem (RFC 9457)"},
                  {"content", content("application/problem+json", Map{{"$ref", "#/components/schemas/Problem"}})}}));
    return responses;
}

List security_for(const Route& route)
{
    switch (route.access) {
    case Access::anyone:
    case Access::shopper:
        return {Map{}, Map{{"bearer", List{}}}};
    case Access::customer:
    case Access::manager:
    case Access::operator_:
        break;
    }
    return {Map{{"bearer", List{}}}};
}

Value operation_object(const Route& route, codec::Schemas& schemas)
{
    schemas.for_responses = false;
    static constexpr std::string_view callers[] = {"Anyone.", "A customer, or a guest by cart token.", "A customer.",
                                                   "A manager.", "An operator."};
    Map operation{{"operationId", route.operation},
                  {"tags", List{route.service}},
                  {"summary", route.summary},
                  {"description", callers[static_cast<std::size_t>(route.access)]},
                  {"security", security_for(route)}};
    if (auto parameters = parameters_for(route, schemas); !parameters.empty())
        operation.emplace("parameters", std::move(parameters));
    if (route.upload)
        operation.emplace("requestBody",
                          Map{{"required", true},
                              {"content", Map{{"text/csv", Map{{"schema", Map{{"type", "string"}}}}},
                                              {"application/x-ndjson", Map{{"schema", Map{{"type", "string"}}}}}}}});
    else if (auto body = takes_body(route) ? body_schema(route, schemas) : std::nullopt)
        operation.emplace("requestBody", Map{{"required", body->if_map()->contains("required")},
                                             {"content", content("application/json", std::move(*body))}});
    operation.emplace("responses", responses_for(route, schemas));
    return operation;
}

Value problem_schema()
{
    const Value text = Map{{"type", "string"}};
    const Value fault = Map{{"type", "object"},
                            {"properties", Map{{"pointer", text}, {"code", text}, {"reason", text}}},
                            {"required", List{"pointer", "code", "reason"}}};
    const Value number = Map{{"type", "number"}};
    const Value line = Map{{"type", "object"},
                           {"properties", Map{{"book_id", text},
                                              {"title", text},
                                              {"quantity", Map{{"type", "integer"}}},
                                              {"unit_price", number},
                                              {"current_price", number}}},
                           {"required", List{"book_id", "title", "quantity", "unit_price"}}};
    List codes;
    for (int code = 0; code <= static_cast<int>(Errc::internal); ++code)
        codes.emplace_back(name_of(static_cast<Errc>(code)));
    return Map{{"type", "object"},
               {"properties", Map{{"type", text},
                                  {"title", text},
                                  {"status", Map{{"type", "integer"}}},
                                  {"detail", text},
                                  {"code", Map{{"type", "string"}, {"enum", std::move(codes)}}},
                                  {"trace_id", text},
                                  {"errors", Map{{"type", "array"}, {"items", fault}}},
                                  {"lines", Map{{"type", "array"}, {"items", line}}}}},
               {"required", List{"type", "title", "status", "detail", "code", "trace_id"}},
               {"additionalProperties", false}};
}

std::string make_document()
{
    codec::Schemas schemas;
    Map paths;
    for (const Route& route : all_routes()) {
        Value& path = paths[std::string(route.path)];
        if (path.is_null())
            path = Map();
        std::string method(name_of(route.method));
        std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
        std::get<Map>(path.data).emplace(std::move(method), operation_object(route, schemas));
    }
    schemas.components.emplace("Problem", problem_schema());
    const Value document = Map{
        {"openapi", "3.1.0"},
        {"info", Map{{"title", "Estante"}, {"version", "1"}, {"description", "A multi-tenant bookstore"}}},
        {"paths", std::move(paths)},
        {"components", Map{{"schemas", std::move(schemas.components)},
                           {"securitySchemes",
                            Map{{"bearer", Map{{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}}}};
    return json::to_text(document);
}

} // namespace

const std::string& openapi_document()
{
    static const std::string document = make_document();
    return document;
}

} // namespace estante
