#include "hosts/server/client_connection.hpp"

#include "gateway/problem.hpp"
#include "hosts/server/http_messages.hpp"
#include "hosts/server/spooled_body.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iterator>
#include <limits>
#include <optional>

namespace estante {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::size_t max_header_bytes = 16 << 10;

class HttpConnection {
public:
    HttpConnection(asio::ip::tcp::socket socket, EventLoop& loop) : socket_(std::move(socket)), loop_(loop)
    {
        socket_.non_blocking(true);
        entry_ = loop_.connections.insert(loop_.connections.end(),
                                          {&socket_, loop_.now_s + loop_.settings.read_timeout_s, true});
    }
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;
    ~HttpConnection() { loop_.connections.erase(entry_); }

    asio::awaitable<void> serve()
    {
        while (!loop_.stopping && co_await serve_request()) {
            entry_->idle = true;
            entry_->deadline_s = loop_.now_s + loop_.settings.idle_timeout_s;
        }
        boost::system::error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }

private:
    asio::ip::tcp::socket socket_;
    EventLoop& loop_;
    std::list<EventLoop::Connection>::iterator entry_;
    beast::flat_buffer buffer_{std::size_t{64} << 10};
    std::string out_;
    std::string trace_id_;

    auto use(boost::system::error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

    void new_trace_id()
    {
        trace_id_.clear();
        fmt::format_to(std::back_inserter(trace_id_), "{:016x}{:08x}", loop_.trace_seed, ++loop_.traces);
    }

    // Returns false when the connection must be closed.
    asio::awaitable<bool> serve_request()
    {
        std::optional<http::request_parser<http::buffer_body>> parser(std::in_place);
        parser->header_limit(max_header_bytes);
        parser->body_limit(boost::none);
        boost::system::error_code error;
        // The read timeout of a request begins with its first bytes.
        if (buffer_.size() == 0) {
            const auto got = co_await socket_.async_read_some(buffer_.prepare(4096), use(error));
            if (error)
                co_return false;
            buffer_.commit(got);
        }
        entry_->idle = false;
        entry_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
        // A request that has arrived completely is parsed without another suspension.
        buffer_.consume(parser->put(buffer_.data(), error));
        if (error == http::error::need_more) {
            error = {};
            co_await http::async_read_header(socket_, buffer_, *parser, use(error));
        }
        if (error)
            co_return co_await refuse_header(error);
        new_trace_id();
        const auto& message = parser->get();
        HttpRequest request = to_request(message);
        const bool is_head = request.method == Method::head;
        const bool keep_alive = message.keep_alive() && !loop_.stopping;

        if (parser->is_done()) {
            if (const HttpResponse* cached = loop_.gateway.find_cached(request)) {
                write_response(out_, *cached, request_id(request), is_head, keep_alive);
                if (try_send())
                    co_return keep_alive;
                co_return co_await send(keep_alive);
            }
            co_return co_await respond(request, is_head, keep_alive);
        }
        co_return co_await serve_body(*parser, request, is_head, keep_alive);
    }

    std::string_view request_id(const HttpRequest& request) const
    {
        return request.request_id.empty() ? std::string_view(trace_id_) : request.request_id;
    }

    asio::awaitable<bool> respond(const HttpRequest& request, bool is_head, bool keep_alive)
    {
        entry_->deadline_s = std::numeric_limits<std::int64_t>::max(); // the operation has its own limits
        const HttpResponse response = co_await loop_.gateway.handle(request, trace_id_);
        if (response.events)
            co_return co_await send_events(response, request_id(request));
        write_response(out_, response, request_id(request), is_head, keep_alive);
        co_return co_await send(keep_alive);
    }

    // Sends events as chunks until the stream ends, the client disconnects or reads too slowly, or the server stops.
    // Returns false: the connection ends with the stream.
    asio::awaitable<bool> send_events(const HttpResponse& response, std::string_view request_id)
    {
        constexpr auto poll_interval = std::chrono::milliseconds(500); // of the client's state and the server's
        constexpr int send_buffer_bytes = 64 << 10;                    // limits how far a slow reader can fall behind
        boost::system::error_code ignored;
        socket_.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
        write_response(out_, response, request_id, false, false);
        bool sent = co_await send(true);
        while (sent && !loop_.stopping) {
            entry_->deadline_s = std::numeric_limits<std::int64_t>::max();
            const auto piece = co_await response.events->next(poll_interval);
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

    // Discards what the client sends; detects that it has closed its side.
    bool is_connected()
    {
        std::array<char, 256> ignored;
        boost::system::error_code error;
        const auto got = socket_.read_some(asio::buffer(ignored), error);
        return error ? error == asio::error::would_block : got > 0;
    }

    asio::awaitable<bool> refuse(const HttpRequest& request, Error error)
    {
        const auto response = problem(error, preferred_language(request.accept_language), trace_id_);
        write_response(out_, response, request_id(request), request.method == Method::head, false);
        co_await send(false);
        co_await linger();
        co_return false;
    }

    // Reads and discards what the client still sends, up to a limit, until it closes. Closing earlier could reset the
    // connection before the client has read the response (RFC 9112, 9.6).
    asio::awaitable<void> linger()
    {
        constexpr std::size_t max_discarded_bytes = std::size_t{8} << 20;
        boost::system::error_code error;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
        std::array<char, 16 << 10> ignored;
        for (std::size_t total = 0; !error && total < max_discarded_bytes;)
            total += co_await socket_.async_read_some(asio::buffer(ignored), use(error));
    }

    asio::awaitable<bool> refuse_header(boost::system::error_code error)
    {
        if (error == http::error::end_of_stream ||
            error.category() != make_error_code(http::error::bad_method).category())
            co_return false;
        new_trace_id();
        const bool is_too_large = error == http::error::header_limit || error == http::error::buffer_overflow;
        HttpResponse response = problem(
            is_too_large
                ? failure(Errc::too_large, "Las cabeceras superan 16 KiB.", "The headers are over 16 KiB.").error()
                : invalid("", "malformed_http", "la petición no es HTTP/1.1 válido (" + error.message() + ")",
                          "the request is not valid HTTP/1.1 (" + error.message() + ")")
                      .error(),
            Language::es, trace_id_);
        if (is_too_large)
            response.status = 431;
        write_response(out_, response, trace_id_, false, false);
        co_await send(false);
        co_await linger();
        co_return false;
    }

    asio::awaitable<bool> serve_body(http::request_parser<http::buffer_body>& parser, HttpRequest request, bool is_head,
                                     bool keep_alive)
    {
        const bool is_upload = loop_.gateway.is_upload(request.method, request.target);
        const auto limit = is_upload ? loop_.settings.max_upload_bytes : loop_.settings.max_body_bytes;
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
        std::optional<SpooledBody> spool;
        if (is_upload)
            spool.emplace(loop_.settings.spool_folder, "upload-" + trace_id_);
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
            if (is_upload) { // an upload has no total timeout, only one per piece
                entry_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
                if (!spool->write(got))
                    co_return co_await refuse(request, cannot_spool());
            } else {
                body += got;
            }
        }
        if (is_upload && !spool->finish())
            co_return co_await refuse(request, cannot_spool());
        request = to_request(parser.get());
        request.body = body;
        if (is_upload) {
            request.upload_path = spool->path();
            request.upload_digest = spool->hex_digest();
        }
        co_return co_await respond(request, is_head, keep_alive);
    }

    static Error cannot_spool()
    {
        return failure(Errc::unavailable, "No hay espacio en disco para el fichero subido.",
                       "There is no disk space for the uploaded file.")
            .error();
    }

    // Returns whether the kernel accepted the whole response; the rest stays in out_.
    bool try_send()
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
        entry_->deadline_s = loop_.now_s + loop_.settings.read_timeout_s;
        boost::system::error_code error;
        co_await asio::async_write(socket_, asio::buffer(out_), use(error));
        co_return !error && keep_alive;
    }
};

} // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, EventLoop& loop)
{
    HttpConnection connection(std::move(socket), loop);
    co_await connection.serve();
}

} // namespace estante
