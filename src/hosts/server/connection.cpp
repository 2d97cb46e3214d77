#include "hosts/server/connection.hpp"

#include "codec/digest.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <optional>

namespace estante {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t max_header_bytes = 16 << 10;
constexpr std::string_view fixed_headers = "Server: estante\r\n"
                                           "X-Content-Type-Options: nosniff\r\n"
                                           "Referrer-Policy: no-referrer\r\n";

std::string_view view(beast::string_view text)
{
    return {text.data(), text.size()};
}

// A client's request id goes into headers and logs: only plain characters, not too many.
bool is_request_id(std::string_view id)
{
    return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7F'; });
}

template <class Body> HttpRequest request_of(const http::request<Body>& message)
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

void header(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void write_answer(std::string& out, const HttpAnswer& answer, std::string_view request_id, bool head, bool keep_alive)
{
    out.clear();
    if (answer.status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
    } else {
        const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
        fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", answer.status, view(reason));
    }
    if (answer.status != 204 && answer.status != 304)
        header(out, "Content-Type", answer.content_type);
    if (answer.events)
        header(out, "Transfer-Encoding", "chunked");
    else if (answer.status != 204 && answer.status != 304)
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", answer.body.size());
    for (const auto& [name, value] : answer.headers)
        header(out, name, value);
    header(out, "X-Request-Id", request_id);
    out += fixed_headers;
    if (!keep_alive)
        out += "Connection: close\r\n";
    out += "\r\n";
    if (!head)
        out += answer.body;
}

// A spooled body, removed with this object unless somebody took the file.
class Spool {
public:
    Spool(const std::string& folder, std::string_view name) : path_(std::filesystem::path(folder) / name)
    {
        out_.open(path_, std::ios::binary | std::ios::trunc);
    }
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;
    ~Spool()
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    bool write(std::string_view data)
    {
        digest_.add(data);
        return static_cast<bool>(out_.write(data.data(), static_cast<std::streamsize>(data.size())));
    }
    bool finish()
    {
        out_.close();
        hex_digest_ = hex(digest_.finish());
        return !out_.fail();
    }
    const std::string& path() const { return path_.native(); }
    const std::string& hex_digest() const { return hex_digest_; }

private:
    std::filesystem::path path_;
    std::ofstream out_;
    Sha256 digest_;
    std::string hex_digest_;
};

class Connection {
public:
    Connection(asio::ip::tcp::socket socket, Loop& loop) : socket_(std::move(socket)), loop_(loop)
    {
        socket_.non_blocking(true);
        place_ = loop_.open.insert(loop_.open.end(), {&socket_, loop_.now_s + loop_.settings.read_timeout_s, true});
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { loop_.open.erase(place_); }

    asio::awaitable<void> serve()
    {
        while (!loop_.stopping && co_await one_request()) {
            place_->idle = true;
            place_->deadline_s = loop_.now_s + loop_.settings.idle_timeout_s;
        }
        boost::system::error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

private:
    asio::ip::tcp::socket socket_;
    Loop& loop_;
    std::list<Loop::Open>::iterator place_;
    beast::flat_buffer buffer_{std::size_t{64} << 10};
    std::string out_;
    std::string trace_;

    auto use(boost::system::error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

    void new_trace()
    {
        trace_.clear();
        fmt::format_to(std::back_inserter(trace_), "{:016x}{:08x}", loop_.trace_seed, ++loop_.traces);
    }

    // False when the connection is over.
    asio::awaitable<bool> one_request()
    {
        std::optional<http::request_parser<http::buffer_body>> parser(std::in_place);
        parser->header_limit(max_header_bytes);
        parser->body_limit(boost::none);
        boost::system::error_code error;
        // An idle connection's time starts anew with the first bytes of a request.
        if (buffer_.size() == 0) {
            const auto got = co_await socket_.async_read_some(buffer_.prepare(4096), use(error));
            if (error)
                co_return false;
            buffer_.commit(got);
        }
        place_->idle = false;
        place_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
        // A request that came whole is parsed here and now; only the rest of one is worth waiting for.
        buffer_.consume(parser->put(buffer_.data(), error));
        if (error == http::error::need_more) {
            error = {};
            co_await http::async_read_header(socket_, buffer_, *parser, use(error));
        }
        if (error)
            co_return co_await refuse_header(error);
        new_trace();
        const auto& message = parser->get();
        HttpRequest request = request_of(message);
        const bool head = request.method == Method::head;
        const bool keep_alive = message.keep_alive() && !loop_.stopping;

        if (parser->is_done()) {
            if (const HttpAnswer* cached = loop_.gateway.find_cached(request)) {
                write_answer(out_, *cached, id_of(request), head, keep_alive);
                if (send_at_once())
                    co_return keep_alive;
                co_return co_await send(keep_alive);
            }
            co_return co_await answer(request, head, keep_alive);
        }
        co_return co_await with_body(*parser, request, head, keep_alive);
    }

    std::string_view id_of(const HttpRequest& request) const
    {
        return request.request_id.empty() ? std::string_view(trace_) : request.request_id;
    }

    asio::awaitable<bool> answer(const HttpRequest& request, bool head, bool keep_alive)
    {
        place_->deadline_s = std::numeric_limits<std::int64_t>::max(); // the operation has its own limits
        const HttpAnswer answer = co_await loop_.gateway.handle(request, trace_);
        if (answer.events)
            co_return co_await send_events(answer, id_of(request));
        write_answer(out_, answer, id_of(request), head, keep_alive);
        co_return co_await send(keep_alive);
    }

    // Pieces as they come, until there are no more, the peer is gone or does not take them, or the server stops. The
    // connection ends with them.
    asio::awaitable<bool> send_events(const HttpAnswer& answer, std::string_view request_id)
    {
        constexpr auto look_every = std::chrono::milliseconds(500); // at the peer, and whether the server stops
        constexpr int send_buffer_bytes = 64 << 10; // what a reader that is too slow has before it, and no more
        boost::system::error_code ignored;
        socket_.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
        write_answer(out_, answer, request_id, false, false);
        bool sent = co_await send(true);
        while (sent && !loop_.stopping) {
            place_->deadline_s = std::numeric_limits<std::int64_t>::max();
            const auto piece = co_await answer.events->next(look_every);
            if (!piece)
                break;
            if (piece->empty()) {
                sent = is_connected();
                continue;
            }
            out_ = fmt::format("{:x}\r\n{}\r\n", piece->size(), *piece);
            sent = co_await send(true);
        }
        if (sent) {
            out_ = "0\r\n\r\n";
            co_await send(false);
        }
        co_return false;
    }

    // What the peer sends meanwhile has no meaning; that it closed its side has.
    bool is_connected()
    {
        std::array<char, 256> ignored;
        boost::system::error_code error;
        const auto got = socket_.read_some(asio::buffer(ignored), error);
        return error ? error == asio::error::would_block : got > 0;
    }

    asio::awaitable<bool> refuse(const HttpRequest& request, Error error)
    {
        const auto answer = problem(error, preferred_language(request.accept_language), trace_);
        write_answer(out_, answer, id_of(request), request.method == Method::head, false);
        co_await send(false);
        co_await let_read();
        co_return false;
    }

    // A peer that is still sending would lose the answer if the connection were closed under it: what it sends is read
    // away, within limits, until it has seen the end (RFC 9112, 9.6).
    asio::awaitable<void> let_read()
    {
        constexpr std::size_t limit = std::size_t{8} << 20;
        boost::system::error_code error;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
        std::array<char, 16 << 10> ignored;
        for (std::size_t total = 0; !error && total < limit;)
            total += co_await socket_.async_read_some(asio::buffer(ignored), use(error));
    }

    asio::awaitable<bool> refuse_header(boost::system::error_code error)
    {
        if (error == http::error::end_of_stream ||
            error.category() != make_error_code(http::error::bad_method).category())
            co_return false;
        new_trace();
        const bool large = error == http::error::header_limit || error == http::error::buffer_overflow;
        HttpAnswer answer = problem(
            large ? failure(Errc::too_large, "Las cabeceras superan 16 KiB.", "The headers are over 16 KiB.").error()
                  : invalid("", "malformed_http", "la petición no es HTTP/1.1 válido (" + error.message() + ")",
                            "the request is not valid HTTP/1.1 (" + error.message() + ")")
                        .error(),
            Language::es, trace_);
        if (large)
            answer.status = 431;
        write_answer(out_, answer, trace_, false, false);
        co_await send(false);
        co_await let_read();
        co_return false;
    }

    asio::awaitable<bool> with_body(http::request_parser<http::buffer_body>& parser, HttpRequest request, bool head,
                                    bool keep_alive)
    {
        const bool upload = loop_.gateway.is_upload(request.method, request.target);
        const auto limit = upload ? loop_.settings.max_upload_bytes : loop_.settings.max_body_bytes;
        const auto too_large = [limit] {
            return failure(Errc::too_large, fmt::format("El cuerpo supera {} bytes.", limit),
                           fmt::format("The body is over {} bytes.", limit))
                .error();
        };
        if (const auto length = parser.content_length(); length && *length > limit)
            co_return co_await refuse(request, too_large());
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            out_ = "HTTP/1.1 100 Continue\r\n\r\n";
            if (!co_await send(true))
                co_return false;
        }
        std::string body;
        std::optional<Spool> spool;
        if (upload)
            spool.emplace(loop_.settings.spool_folder, "upload-" + trace_);
        std::array<char, 16 << 10> piece;
        boost::system::error_code error;
        for (std::size_t total = 0; !parser.is_done();) {
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            co_await http::async_read(socket_, buffer_, parser, use(error));
            if (error == http::error::need_buffer)
                error = {};
            if (error)
                co_return false;
            const std::string_view got(piece.data(), piece.size() - parser.get().body().size);
            total += got.size();
            if (total > limit)
                co_return co_await refuse(request, too_large());
            if (upload) { // an upload is as long as it moves on
                place_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
                if (!spool->write(got))
                    co_return co_await refuse(request, cannot_spool());
            } else {
                body += got;
            }
        }
        if (upload && !spool->finish())
            co_return co_await refuse(request, cannot_spool());
        request = request_of(parser.get());
        request.body = body;
        if (upload) {
            request.upload_path = spool->path();
            request.upload_digest = spool->hex_digest();
        }
        co_return co_await answer(request, head, keep_alive);
    }

    static Error cannot_spool()
    {
        return failure(Errc::unavailable, "No hay sitio para guardar el fichero recibido.",
                       "There is no room to keep the received file.")
            .error();
    }

    // Whether the kernel took the whole answer; what it did not take stays in out_.
    bool send_at_once()
    {
        boost::system::error_code error;
        const auto sent = socket_.write_some(asio::buffer(out_), error);
        if (!error && sent == out_.size())
            return true;
        out_.erase(0, error ? 0 : sent);
        return false;
    }

    asio::awaitable<bool> send(bool keep_alive)
    {
        place_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
        boost::system::error_code error;
        co_await asio::async_write(socket_, asio::buffer(out_), use(error));
        co_return !error && keep_alive;
    }
};

} // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, Loop& loop)
{
    Connection connection(std::move(socket), loop);
    co_await connection.serve();
}

} // namespace estante
