// A row of a route table: an operation, and how HTTP reaches it. Everything else follows from the operation's
// signature: the ports it is given, how its request is read and validated, how its answer is written, and its OpenAPI
// schema.
#pragma once

#include "gateway/exchange.hpp"
#include "gateway/exports.hpp"
#include "gateway/idempotency.hpp"

#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace estante {

enum class Access : std::uint8_t {
    anyone,   // needs a tenant, no token
    shopper,  // a customer, or a guest by cart token (one is made when there is none)
    customer, // any user of the shop
    manager,
    operator_,
};

struct Route {
    Method method = Method::get;
    std::string_view path{}; // "/v1/books/{book_id}"
    Access access = Access::anyone;
    std::string_view summary{};
    // The table whose transactions remember an Idempotency-Key; only of operations that take a Once.
    std::optional<Table> idempotency_table{};
    bool shared = false;             // the answer is the same for all callers of a shop, and public
    bool kept = false;               // and made of store items alone, so it is kept while what it read stands
    bool upload = false;             // the body is spooled to a file and may be larger than other bodies
    bool creates = false;            // 201
    bool tenant_in_body = false;     // the tenant stands in the body, or in the refresh token
    bool issues_guest_token = false; // answers with X-Cart-Token when a guest was made for the request
    std::string_view operation{};    // "add_to_cart", from the operation's own name
    std::string_view service{};      // "cart"
    Task<Result<Reply>> (*call)(Exchange&) = nullptr;
    std::span<const codec::Field> (*request)() = nullptr;
    Value (*response_schema)(codec::Schemas&) = nullptr;
    std::string_view response_type = "application/json";
    std::span<const std::string_view> other_types{}; // that an answer may have instead, by the header Accept
};

// What a route does beyond its operation's signature.
struct Traits {
    std::optional<Table> idempotency_table{};
    bool shared = false;
    bool upload = false;
    bool creates = false;
    bool issues_guest_token = false;
};

Error not_found_here();
Error invalid_token();
// Settles the tenant of a request without a token: one is named, exists and is open for what the request does.
// `named_in_body` may be "".
Task<Result<void>> resolve_tenant(Exchange& exchange, std::string named_in_body);

namespace detail {

template <class T> constexpr bool is_idempotency_guard = false;
template <class T> constexpr bool is_idempotency_guard<IdempotencyGuard<T>> = true;

// A request that may name its tenant itself: in the body, or inside a refresh token.
template <class Request>
concept NamesTenant = requires(const Request& r) {
    { r.named_tenant() } -> std::same_as<std::optional<TenantId>>;
};
template <class Request>
concept TakesPage = requires(Request r) {
    { r.cursor } -> std::same_as<std::optional<PageToken>&>;
};
template <class Response>
concept GivesPage = requires(Response r) {
    { r.next_cursor } -> std::same_as<Nullable<PageToken>&>;
};

// A list that other programs may have as a table.
template <class Request, class Response>
concept Exportable = requires(const Request& request, const Response& response) {
    { request.format } -> std::same_as<const std::optional<ListFormat>&>;
    { response.table() } -> std::same_as<ExportedTable>;
    { response.file_name() } -> std::same_as<std::string>;
};

template <class Request> Result<void> open_page(const Exchange& exchange, Request& request)
{
    if constexpr (TakesPage<Request>) {
        if (request.cursor) {
            auto text = open_page_token(exchange, request.cursor->text);
            if (!text)
                return std::unexpected(foreign_page_token());
            request.cursor->text = std::move(*text);
        }
    }
    return {};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): a page's cursor is sealed in it, and a text is taken out of it.
template <class Response> Reply reply_of(const Exchange& exchange, Response response)
{
    if constexpr (GivesPage<Response>) {
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
    static constexpr bool searches = (std::same_as<std::remove_const_t<P>, SearchIndex> || ...);
    static constexpr bool takes_all_items = (std::same_as<std::remove_const_t<P>, AllItems> || ...);

    // A port for the operation, or its Once with the encoder of this exchange.
    template <class Port>
    static decltype(auto) given(const Exchange& exchange, ReadSet* reads, const std::optional<Idempotency>& key)
    {
        using Plain = std::remove_const_t<Port>;
        if constexpr (is_idempotency_guard<Plain>) {
            if (!key)
                return Plain();
            return Plain([&exchange, &key](const R& response) {
                return key->record(reply_of(exchange, response), exchange.ports.template get<Clock>().now_ms());
            });
        } else {
            return give<Plain>(exchange.ports, exchange.caller, reads);
        }
    }

    template <auto function>
    static Task<Result<Reply>> run(Exchange& exchange, Q request, std::optional<Idempotency> key)
    {
        // The tuple keeps ports by reference and per-caller views by value in this frame, which outlives the operation.
        std::tuple<decltype(given<P>(exchange, &exchange.reads, key))...> ports{
            given<P>(exchange, &exchange.reads, key)...};
        auto response =
            co_await std::apply([&](auto&... port) { return function(exchange.caller, request, port...); }, ports);
        if (!response)
            co_return std::unexpected(std::move(response.error()));
        if constexpr (Exportable<Q, R>) {
            const ListFormat format = request.format.value_or(accepted_format(exchange.http.accept));
            if (format != ListFormat::json)
                co_return co_await export_table(exchange, format, response->table(), response->file_name());
        }
        co_return reply_of(exchange, std::move(*response));
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
            if (auto settled = co_await resolve_tenant(exchange, named ? named->value : ""); !settled)
                co_return std::unexpected(std::move(settled.error()));
        }
        if (auto opened = open_page(exchange, request); !opened)
            co_return std::unexpected(std::move(opened.error()));
        if constexpr (requires { request.upload.path; })
            request.upload = {std::string(exchange.http.upload_path), std::string(exchange.http.content_type)};

        if constexpr (takes_idempotency_guard) {
            auto key = Idempotency::of(exchange);
            if (!key)
                co_return std::unexpected(std::move(key.error()));
            if (*key) {
                const Table table = *exchange.route->idempotency_table;
                TenantItems items(exchange.caller.tenant, exchange.ports.template get<ItemStore>());
                if (auto earlier = co_await (*key)->earlier(items, table); !earlier || *earlier)
                    co_return earlier ? Result<Reply>(std::move(**earlier))
                                      : std::unexpected(std::move(earlier.error()));
                auto reply = co_await run<function>(exchange, std::move(request), *key);
                if (!reply) { // perhaps because the same request was faster: then its answer is ours
                    if (auto faster = co_await (*key)->earlier(items, table); faster && *faster)
                        co_return std::move(**faster);
                }
                co_return reply;
            }
        }
        co_return co_await run<function>(exchange, std::move(request), std::nullopt);
    }
};

// "…&estante::cart::add_to_cart…" → the last name and the namespace before it.
template <auto function> consteval std::pair<std::string_view, std::string_view> service_and_operation()
{
    std::string_view name = __PRETTY_FUNCTION__;
    name.remove_prefix(name.rfind('&') + 1);
    name = name.substr(0, name.find_first_of("]("));
    const auto last = name.rfind("::");
    const auto before = name.rfind("::", last - 1);
    return {name.substr(before + 2, last - before - 2), name.substr(last + 2)};
}

} // namespace detail

template <auto function>
consteval Route route(Method method, std::string_view path, Access access, std::string_view summary, Traits traits = {})
{
    using S = detail::Signature<decltype(function)>;
    if (S::takes_all_items && access != Access::operator_)
        throw "only an operator's route is given all tenants' items";
    if (S::takes_idempotency_guard != traits.idempotency_table.has_value())
        throw "an operation that takes a Once needs the table that remembers, and only such a one";
    const auto [service, operation] = detail::service_and_operation<function>();
    return {.method = method,
            .path = path,
            .access = access,
            .summary = summary,
            .idempotency_table = traits.idempotency_table,
            .shared = traits.shared,
            .kept = traits.shared && !S::searches,
            .upload = traits.upload,
            .creates = traits.creates,
            .tenant_in_body = detail::NamesTenant<typename S::Request>,
            .issues_guest_token = traits.issues_guest_token,
            .operation = operation,
            .service = service,
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
                    if constexpr (detail::Exportable<typename S::Request, typename S::Response>)
                        return std::span<const std::string_view>(export_types);
                    else
                        return std::span<const std::string_view>();
                }()};
}

// All tables joined, in the order of the documentation.
std::span<const Route> all_routes();

} // namespace estante
