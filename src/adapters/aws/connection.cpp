#include "adapters/aws/connection.hpp"

#include "adapters/aws/handover.hpp"

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

class Trust {
public:
    explicit Trust(const std::string& ca_file)
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
            throw std::runtime_error("OpenSSL does not know TLS 1.2");
    }

    ssl::context context{ssl::context::tls_client};
};

std::shared_ptr<Trust> load_trust(const std::string& ca_file)
{
    return std::make_shared<Trust>(ca_file);
}

namespace {

constexpr std::size_t max_header_bytes = 64 << 10;
constexpr std::size_t small_read = 4 << 10;
constexpr std::size_t large_read = 64 << 10;

using Plain = tcp::socket;
using Tls = ssl::stream<tcp::socket>;

tcp::socket& socket_of(Plain& stream)
{
    return stream;
}

tcp::socket& socket_of(Tls& stream)
{
    return stream.next_layer();
}

auto use(error_code& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

// The peer's certificate must be for the host of the URL. A name is also told to it (SNI); an address is not.
bool expect_host(Tls& stream, const std::string& host)
{
    error_code no_address;
    asio::ip::make_address(host, no_address);
    auto* const ssl = stream.native_handle();
    if (!no_address)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

// What is wrong with the peer's certificate; nothing if something else is.
const char* objection_to_certificate(Tls& stream)
{
    const auto verdict = SSL_get_verify_result(stream.native_handle());
    return verdict == X509_V_OK ? nullptr : X509_verify_cert_error_string(verdict);
}

Headers headers_of(const http::fields& fields)
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

struct Resolved {
    error_code error{};
    std::vector<tcp::endpoint> endpoints{};
};

template <class Stream> class StreamConnection final : public Connection {
public:
    template <class... Args>
    StreamConnection(const Url& url, std::size_t answer_bytes, std::shared_ptr<Trust> trust, Args&&... args)
        : host_(url.host),
          port_(url.port),
          answer_bytes_(answer_bytes),
          trust_(std::move(trust)),
          stream_(std::forward<Args>(args)...)
    {
    }

    Task<std::optional<Broken>> open() override
    {
        const Resolved resolved = co_await resolve();
        error_code error = resolved.error;
        if (error)
            co_return Broken{.reason = fmt::format("cannot resolve {}: {}", host_, error.message())};
        co_await asio::async_connect(socket(), resolved.endpoints, use(error));
        if (error)
            co_return Broken{.reason = fmt::format("cannot connect to {}:{}: {}", host_, port_, error.message())};
        socket().set_option(tcp::no_delay(true), error);
        if constexpr (std::is_same_v<Stream, Tls>) {
            if (!expect_host(stream_, host_))
                co_return Broken{.reason = fmt::format("{} is no name for TLS", host_), .hopeless = true};
            co_await stream_.async_handshake(ssl::stream_base::client, use(error));
            if (error) {
                const char* const objection = objection_to_certificate(stream_);
                co_return Broken{.reason = fmt::format("no TLS with {}:{}: {}", host_, port_,
                                                       objection ? objection : error.message()),
                                 .hopeless = objection != nullptr};
            }
        }
        co_return std::nullopt;
    }

    Task<Outcome> exchange(const Outgoing& request) override
    {
        kept_ = false;
        error_code error;
        std::size_t written = 0;
        if (request.body) {
            const std::array buffers{asio::buffer(request.head), asio::buffer(*request.body)};
            written = co_await asio::async_write(stream_, buffers, use(error));
        } else {
            written = co_await asio::async_write(stream_, asio::buffer(request.head), use(error));
        }
        // A peer may answer and close before it has read everything: what it said is worth more than "broken pipe".
        if (error && written == 0)
            co_return std::unexpected(Broken{.reason = fmt::format("cannot send: {}", error.message()),
                                             .closed_unheard = error != asio::error::operation_aborted});
        co_return co_await receive(request.no_body_answered);
    }

    bool usable() override
    {
        if (!kept_ || !socket().is_open())
            return false;
        // Nothing may be there to read between two exchanges: neither the end nor bytes that nobody asked for.
        char byte = 0;
        return ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
               (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    void close() override
    {
        kept_ = false;
        error_code ignored;
        socket().close(ignored);
        if (resolving_)
            (*resolving_)(Resolved{.error = asio::error::operation_aborted});
    }

private:
    std::string host_;
    std::string port_;
    std::size_t answer_bytes_;
    std::shared_ptr<Trust> trust_;
    Stream stream_;
    beast::flat_buffer buffer_;
    std::optional<Delivery<Resolved>> resolving_;
    bool kept_ = false;

    tcp::socket& socket() { return socket_of(stream_); }

    // A look-up cannot be interrupted, only left behind: it runs on the resolver's own thread.
    Task<Resolved> resolve()
    {
        error_code no_address;
        const auto address = asio::ip::make_address(host_, no_address);
        if (!no_address)
            co_return Resolved{.endpoints = {{address, static_cast<asio::ip::port_type>(std::stoul(port_))}}};
        tcp::resolver resolver(socket().get_executor());
        auto resolved = co_await handed_over<Resolved>([&](const Delivery<Resolved>& deliver) {
            resolving_ = deliver;
            resolver.async_resolve(host_, port_, [deliver](error_code error, const tcp::resolver::results_type& found) {
                Resolved answer{.error = error};
                for (const auto& entry : found)
                    answer.endpoints.push_back(entry.endpoint());
                deliver(std::move(answer));
            });
        });
        resolving_.reset();
        co_return resolved;
    }

    Task<Outcome> receive(bool no_body)
    {
        using Parser = http::response_parser<http::string_body>;
        std::optional<Parser> parser;
        do { // 1xx: the answer proper is still to come (RFC 9110 §15.2)
            parser.emplace();
            parser->header_limit(max_header_bytes);
            parser->body_limit(answer_bytes_);
            parser->eager(true);
            parser->skip(no_body);
            if (auto broken = co_await parse(*parser))
                co_return std::unexpected(std::move(*broken));
        } while (parser->get().result_int() / 100 == 1);
        kept_ = parser->keep_alive() && buffer_.size() == 0;
        auto message = parser->release();
        co_return Response{
            .status = message.result_int(), .headers = headers_of(message), .body = std::move(message.body())};
    }

    template <class Parser> Task<std::optional<Broken>> parse(Parser& parser)
    {
        error_code error;
        bool hungry = buffer_.size() == 0;
        while (!parser.is_done()) {
            if (hungry) {
                const auto room = buffer_.prepare(parser.is_header_done() ? large_read : small_read);
                buffer_.commit(co_await stream_.async_read_some(room, use(error)));
                if (error == asio::error::eof && parser.got_some()) {
                    error = {};
                    parser.put_eof(error);
                    if (!error)
                        continue;
                }
                if (error)
                    co_return Broken{.reason = fmt::format("no whole answer: {}", error.message()),
                                     .sent = true,
                                     .closed_unheard = !parser.got_some() && error != asio::error::operation_aborted};
            }
            buffer_.consume(parser.put(buffer_.data(), error));
            hungry = error == http::error::need_more || buffer_.size() == 0;
            if (error && error != http::error::need_more)
                co_return Broken{.reason = fmt::format("not an answer of HTTP: {}", error.message()),
                                 .sent = true,
                                 .hopeless = error == http::error::body_limit};
            error = {};
        }
        co_return std::nullopt;
    }
};

} // namespace

std::unique_ptr<Connection> create_connection(const asio::any_io_executor& executor, const Url& url,
                                              const std::shared_ptr<Trust>& trust, std::size_t answer_bytes)
{
    if (url.tls)
        return std::make_unique<StreamConnection<Tls>>(url, answer_bytes, trust, executor, trust->context);
    return std::make_unique<StreamConnection<Plain>>(url, answer_bytes, nullptr, executor);
}

} // namespace estante::aws
