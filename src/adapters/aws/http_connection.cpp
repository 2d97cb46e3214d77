#include "adapters/aws/http_connection.hpp"

#include "adapters/aws/completion.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace estante::aws {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;

class TrustStore {
public:
    explicit TrustStore(const std::string& ca_file)
    {
        error_code error;
        if (ca_file.empty())
            context.set_default_verify_paths(error);
        else
            context.load_verify_file(ca_file, error);
        if (error)
            throw std::runtime_error(
                fmt::format("cannot read the trusted certificates {}: {}", ca_file, error.message()));
        context.set_verify_mode(ssl::verify_peer);
        if (SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) != 1)
            throw std::runtime_error("OpenSSL does not support TLS 1.2");
    }

    ssl::context context{ssl::context::tls_client};
};

std::shared_ptr<TrustStore> load_trust_store(const std::string& ca_file)
{
    return std::make_shared<TrustStore>(ca_file);
}

namespace {

constexpr std::size_t max_header_bytes = 64 << 10;
constexpr std::size_t head_read_bytes = 4 << 10;
constexpr std::size_t body_read_bytes = 64 << 10;

using PlainStream = tcp::socket;
using TlsStream = ssl::stream<tcp::socket>;

tcp::socket& socket_of(PlainStream& stream)
{
    return stream;
}

tcp::socket& socket_of(TlsStream& stream)
{
    return stream.next_layer();
}

auto await_with(error_code& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

// Requires a certificate for the URL's host. A name is also sent to the peer (SNI), an address is not.
bool require_certificate_for(TlsStream& stream, const std::string& host)
{
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    auto* const ssl = stream.native_handle();
    if (!not_an_address)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

// Why the peer's certificate was rejected; null when the handshake failed for another reason.
const char* certificate_error(TlsStream& stream)
{
    const auto result = SSL_get_verify_result(stream.native_handle());
    return result == X509_V_OK ? nullptr : X509_verify_cert_error_string(result);
}

Headers to_headers(const http::fields& fields)
{
    Headers headers;
    for (const auto& field : fields) {
        auto& [name, value] = headers.emplace_back();
        name.resize(field.name_string().size());
        std::ranges::transform(field.name_string(), name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
        value.assign(field.value().data(), field.value().size());
    }
    return headers;
}

struct Resolution {
    error_code error{};
    std::vector<tcp::endpoint> endpoints{};
};

template <class Stream> class StreamConnection final : public HttpConnection {
public:
    template <class... Args>
    StreamConnection(const EndpointUrl& url, std::size_t max_response_bytes, std::shared_ptr<TrustStore> trust_store,
                     Args&&... args)
        : host_(url.host),
          port_(url.port),
          max_response_bytes_(max_response_bytes),
          trust_store_(std::move(trust_store)),
          stream_(std::forward<Args>(args)...)
    {
    }

    Task<std::optional<TransportError>> open() override
    {
        const Resolution resolution = co_await resolve();
        error_code error = resolution.error;
        if (error)
            co_return TransportError{.reason = fmt::format("cannot resolve {}: {}", host_, error.message())};
        co_await asio::async_connect(socket(), resolution.endpoints, await_with(error));
        if (error)
            co_return TransportError{.reason =
                                         fmt::format("cannot connect to {}:{}: {}", host_, port_, error.message())};
        socket().set_option(tcp::no_delay(true), error);
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            if (!require_certificate_for(stream_, host_))
                co_return TransportError{.reason = fmt::format("{} is not a valid host name for TLS", host_),
                                         .non_retryable = true};
            co_await stream_.async_handshake(ssl::stream_base::client, await_with(error));
            if (error) {
                const char* const rejection = certificate_error(stream_);
                co_return TransportError{.reason = fmt::format("TLS handshake with {}:{} failed: {}", host_, port_,
                                                               rejection ? rejection : error.message()),
                                         .non_retryable = rejection != nullptr};
            }
        }
        co_return std::nullopt;
    }

    Task<Result<Response, TransportError>> exchange(const WireRequest& request) override
    {
        is_kept_alive_ = false;
        error_code error;
        std::size_t written = 0;
        if (request.body) {
            const std::array buffers{asio::buffer(request.head), asio::buffer(*request.body)};
            written = co_await asio::async_write(stream_, buffers, await_with(error));
        } else {
            written = co_await asio::async_write(stream_, asio::buffer(request.head), await_with(error));
        }
        // A peer may respond and close before it has read the whole request. Its response says more than "broken pipe".
        if (error && written == 0)
            co_return std::unexpected(TransportError{.reason = fmt::format("cannot send: {}", error.message()),
                                                     .stale_connection = error != asio::error::operation_aborted});
        co_return co_await receive(request.is_head_request);
    }

    bool is_reusable() override
    {
        if (!is_kept_alive_ || !socket().is_open())
            return false;
        // Between two exchanges there must be nothing to read, neither an end of file nor unexpected bytes.
        char byte = 0;
        return ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
               (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    void close() override
    {
        is_kept_alive_ = false;
        error_code ignored;
        socket().close(ignored);
        if (resolving_)
            (*resolving_)(Resolution{.error = asio::error::operation_aborted});
    }

private:
    std::string host_;
    std::string port_;
    std::size_t max_response_bytes_;
    std::shared_ptr<TrustStore> trust_store_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<Completion<Resolution>> resolving_;
    bool is_kept_alive_ = false; // by both sides after the last exchange

    tcp::socket& socket() { return socket_of(stream_); }

    // A DNS lookup runs on the resolver's own thread and cannot be interrupted. After close() its result is ignored.
    Task<Resolution> resolve()
    {
        error_code not_an_address;
        const auto address = asio::ip::make_address(host_, not_an_address);
        if (!not_an_address)
            co_return Resolution{.endpoints = {{address, static_cast<asio::ip::port_type>(std::stoul(port_))}}};
        tcp::resolver resolver(socket().get_executor());
        auto resolution = co_await await_completion<Resolution>([&](const Completion<Resolution>& complete) {
            resolving_ = complete;
            resolver.async_resolve(host_, port_,
                                   [complete](error_code error, const tcp::resolver::results_type& found) {
                                       Resolution result{.error = error};
                                       for (const auto& entry : found)
                                           result.endpoints.push_back(entry.endpoint());
                                       complete(std::move(result));
                                   });
        });
        resolving_.reset();
        co_return resolution;
    }

    Task<Result<Response, TransportError>> receive(bool has_no_body)
    {
        using Parser = http::response_parser<http::string_body>;
        std::optional<Parser> parser;
        do { // an interim response (1xx) is followed by the final one (RFC 9110 §15.2)
            parser.emplace();
            parser->header_limit(max_header_bytes);
            parser->body_limit(max_response_bytes_);
            parser->eager(true);
            parser->skip(has_no_body);
            if (auto failed = co_await parse(*parser))
                co_return std::unexpected(std::move(*failed));
        } while (parser->get().result_int() / 100 == 1);
        is_kept_alive_ = parser->keep_alive() && buffer_.size() == 0;
        auto message = parser->release();
        co_return Response{
            .status = message.result_int(), .headers = to_headers(message), .body = std::move(message.body())};
    }

    template <class Parser> Task<std::optional<TransportError>> parse(Parser& parser)
    {
        error_code error;
        bool needs_bytes = buffer_.size() == 0;
        while (!parser.is_done()) {
            if (needs_bytes) {
                const auto space = buffer_.prepare(parser.is_header_done() ? body_read_bytes : head_read_bytes);
                buffer_.commit(co_await stream_.async_read_some(space, await_with(error)));
                if (error == asio::error::eof && parser.got_some()) {
                    error = {};
                    parser.put_eof(error);
                    if (!error)
                        continue;
                }
                if (error)
                    co_return TransportError{.reason = fmt::format("incomplete response: {}", error.message()),
                                             .maybe_sent = true,
                                             .stale_connection =
                                                 !parser.got_some() && error != asio::error::operation_aborted};
            }
            buffer_.consume(parser.put(buffer_.data(), error));
            needs_bytes = error == http::error::need_more || buffer_.size() == 0;
            if (error && error != http::error::need_more)
                co_return TransportError{.reason = fmt::format("invalid HTTP response: {}", error.message()),
                                         .maybe_sent = true,
                                         .non_retryable = error == http::error::body_limit};
            error = {};
        }
        co_return std::nullopt;
    }
};

} // namespace

std::unique_ptr<HttpConnection> create_http_connection(const asio::any_io_executor& executor, const EndpointUrl& url,
                                                       const std::shared_ptr<TrustStore>& trust_store,
                                                       std::size_t max_response_bytes)
{
    if (url.tls)
        return std::make_unique<StreamConnection<TlsStream>>(url, max_response_bytes, trust_store, executor,
                                                             trust_store->context);
    return std::make_unique<StreamConnection<PlainStream>>(url, max_response_bytes, nullptr, executor);
}

} // namespace estante::aws
