// A row of a route table: an operation, and how HTTP reaches it. The rest follows from the operation's signature: the
// ports that it is given, how its request is read and validated, how its response is written, its OpenAPI schema, and
// whether its response can be cached.
#pragma once

#include "gateway/exchange.hpp"
#include "gateway/exports.hpp"
#include "gateway/idempotency.hpp"
#include "gateway/tenant_resolution.hpp"
#include "gateway/tokens.hpp"

#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace estante {

enum class Access : std::uint8_t {
    anyone,   // needs a tenant, no token
    shopper,  // a customer, or a guest by cart token; without a token a new guest id is made
    customer, // any user of the shop
    manager,
    operator_,
};

struct Route {
    Method method = Method::get;
    std::string_view path{}; // "/v1/books/{book_id}"
    Access access = Access::anyone;
    std::string_view summary{};
    std::optional<Table> idempotency_table{}; // the table that the operation's transaction writes to
    bool is_public = false;                   // the response is the same for all callers of a shop
    bool cacheable = false;                   // in the gateway's ResponseCache
    bool upload = false;                      // the body is spooled to a file, and may be larger than other bodies
    bool creates = false;                     // 201
    bool tenant_in_body = false;              // the body, or the refresh token in it, names the tenant
    bool issues_guest_token = false;          // the response to a guest has X-Cart-Token
    std::string_view operation{};             // "add_to_cart": the operationId of the OpenAPI document
    std::string_view service{};               // "cart": its tag; set when the tables are joined
    Task<Result<Reply>> (*call)(Exchange&) = nullptr;
    std::span<const codec::Field> (*request)() = nullptr;
    Value (*response_schema)(codec::Schemas&) = nullptr;
    std::string_view response_type = "application/json";
    std::span<const std::string_view> other_types{}; // that a client can ask for by the Accept header
};

// What a route does beyond its operation's signature.
struct RouteOptions {
    std::optional<Table> idempotency_table{};
    bool is_public = false;
    bool upload = false;
    bool creates = false;
    bool issues_guest_token = false;
};

namespace detail {

template <class T> constexpr bool is_idempotency_guard = false;
template <class T> constexpr bool is_idempotency_guard<IdempotencyGuard<T>> = true;

// A request that may name its tenant, in the body or inside a refresh token.
template <class Request>
concept NamesTenant = requires(const Request& r) {
    { r.named_tenant() } -> std::same_as<std::optional<TenantId>>;
};
template <class Request>
concept HasCursor = requires(Request r) {
    { r.cursor } -> std::same_as<std::optional<PageToken>&>;
};
template <class Response>
concept HasNextCursor = requires(Response r) {
    { r.next_cursor } -> std::same_as<Nullable<PageToken>&>;
};

// A list that can be exported as a table.
template <class Request, class Response>
concept Exportable = requires(const Request& request, const Response& response) {
    { request.format } -> std::same_as<const std::optional<ListFormat>&>;
    { response.table() } -> std::same_as<ExportedTable>;
    { response.file_name() } -> std::same_as<std::string>;
};

template <class Request> Result<void> open_page(const Exchange& exchange, Request& request)
{
    if constexpr (HasCursor<Request>) {
        if (request.cursor) {
            auto text = open_page_token(exchange, request.cursor->text);
            if (!text)
                return std::unexpected(invalid_page_token());
            request.cursor->text = std::move(*text);
        }
    }
    return {};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the cursor of a page is sealed in it, and a text is moved out.
template <class Response> Reply to_reply(const Exchange& exchange, Response response)
{
    if constexpr (HasNextCursor<Response>) {
        if (response.next_cursor.value)
            response.next_cursor.value->text = seal_page_token(exchange, response.next_cursor.value->text);
    }
    Reply reply;
    reply.status = exchange.route->creates ? 201 : 200;
    if constexpr (std::same_as<Response, Nothing>)
        reply.status = 204;
    else if constexpr (requires { Response::media_type; }) {
        reply.content_type = Response::media_type;
        reply.body = std::move(response.text);
    } else
        codec::write(reply.body, response);
    if constexpr (requires { response.status_code(); })
        reply.status = response.status_code();
    if constexpr (requires { response.etag(); })
        reply.etag = response.etag();
    if constexpr (requires { response.location(); })
        reply.location = response.location();
    return reply;
}

template <class> struct Signature;
template <class R, class Q, class... P> struct Signature<Task<Result<R>> (*)(const Caller&, const Q&, P&...)> {
    using Response = R;
    using Request = Q;
    static constexpr bool takes_idempotency_guard = (is_idempotency_guard<std::remove_const_t<P>> || ...);
    static constexpr bool takes_all_items = (std::same_as<std::remove_const_t<P>, AllItems> || ...);
    static constexpr bool exportable = Exportable<Q, R>;
    // The response depends on nothing but the request and reads that are recorded. An exportable list is excluded
    // because its form also depends on the Accept header, which is not part of the cache's key.
    static constexpr bool cacheable = (records_its_reads<std::remove_const_t<P>> && ...) && !exportable;

    // A port for the operation, or its IdempotencyGuard.
    template <class Port>
    static decltype(auto) argument(const Exchange& exchange, ReadSet* reads,
                                   const std::optional<IdempotentRequest>& idempotent)
    {
        using Plain = std::remove_const_t<Port>;
        if constexpr (is_idempotency_guard<Plain>) {
            if (!idempotent)
                return Plain();
            return Plain([&exchange, &idempotent](const R& response) {
                return idempotent->to_item(to_reply(exchange, response), exchange.ports.template get<Clock>().now_ms());
            });
        } else {
            return port_for<Plain>(exchange.ports, exchange.caller, reads);
        }
    }

    template <auto function>
    static Task<Result<Reply>> run(Exchange& exchange, Q request, std::optional<IdempotentRequest> idempotent)
    {
        // The tuple holds ports by reference and views of the store by value in this frame, which outlives the
        // operation.
        std::tuple<decltype(argument<P>(exchange, &exchange.reads, idempotent))...> arguments{
            argument<P>(exchange, &exchange.reads, idempotent)...};
        auto response = co_await std::apply(
            [&](auto&... argument) { return function(exchange.caller, request, argument...); }, arguments);
        if (!response)
            co_return std::unexpected(std::move(response.error()));
        if constexpr (exportable) {
            const ListFormat format = request.format.value_or(preferred_format(exchange.http.accept));
            if (format != ListFormat::json)
                co_return co_await export_table(exchange, format, response->table(), response->file_name());
        }
        co_return to_reply(exchange, std::move(*response));
    }

    template <auto function> static Task<Result<Reply>> call(Exchange& exchange)
    {
        Q request{};
        if (auto read = read_request(exchange, &request, codec::fields<Q>()); !read)
            co_return std::unexpected(std::move(read.error()));
        if constexpr (NamesTenant<Q>) {
            const auto named = request.named_tenant();
            if constexpr (requires { request.refresh_token; }) {
                if (!named)
                    co_return std::unexpected(invalid_token());
            }
            if (auto resolved = co_await resolve_tenant(exchange, named ? named->value : ""); !resolved)
                co_return std::unexpected(std::move(resolved.error()));
        }
        if (auto opened = open_page(exchange, request); !opened)
            co_return std::unexpected(std::move(opened.error()));
        if constexpr (requires { request.upload.path; })
            request.upload = {std::string(exchange.http.upload_path), std::string(exchange.http.content_type)};

        if constexpr (takes_idempotency_guard) {
            auto idempotent = IdempotentRequest::from(exchange);
            if (!idempotent)
                co_return std::unexpected(std::move(idempotent.error()));
            if (*idempotent) {
                TenantItems items(exchange.caller.tenant, exchange.ports.template get<ItemStore>());
                co_return co_await (*idempotent)->run_once(items, *exchange.route->idempotency_table, [&] {
                    return run<function>(exchange, std::move(request), *idempotent);
                });
            }
        }
        co_return co_await run<function>(exchange, std::move(request), std::nullopt);
    }
};

} // namespace detail

// `operation` is part of the public API, so it is written out: renaming the C++ function does not change it.
template <auto function>
consteval Route route(std::string_view operation, Method method, std::string_view path, Access access,
                      std::string_view summary, RouteOptions options = {})
{
    using S = detail::Signature<decltype(function)>;
    if (S::takes_all_items && access != Access::operator_)
        throw "only an operator's route may be given the items of all tenants";
    if (S::takes_idempotency_guard != options.idempotency_table.has_value())
        throw "a route has an idempotency_table if and only if its operation takes an IdempotencyGuard";
    return {.method = method,
            .path = path,
            .access = access,
            .summary = summary,
            .idempotency_table = options.idempotency_table,
            .is_public = options.is_public,
            .cacheable = options.is_public && S::cacheable,
            .upload = options.upload,
            .creates = options.creates,
            .tenant_in_body = detail::NamesTenant<typename S::Request>,
            .issues_guest_token = options.issues_guest_token,
            .operation = operation,
            .call = &S::template call<function>,
            .request = &codec::fields<typename S::Request>,
            .response_schema = &codec::schema<typename S::Response>,
            .response_type =
                [] {
                    if constexpr (requires { S::Response::media_type; })
                        return std::string_view(S::Response::media_type);
                    else
                        return std::string_view("application/json");
                }(),
            .other_types =
                [] {
                    if constexpr (S::exportable)
                        return std::span<const std::string_view>(export_types);
                    else
                        return std::span<const std::string_view>();
                }()};
}

// All tables joined, in the order of the documentation.
std::span<const Route> all_routes();

} // namespace estante
