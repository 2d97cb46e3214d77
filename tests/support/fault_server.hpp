// An HTTP server on 127.0.0.1 that injects faults: standalone with scripted responses, or as a proxy that forwards to
// an upstream server unless a fault is scripted.
//
//     FaultServer server;                          // or server({.upstream_port = 8000})
//     server.next(fault::throttled());             // the next request; next(…, 3): the next three
//     server.otherwise(fault::json(200, "{}"));    // all others; a proxy forwards them by default
#pragma once

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace estante {

struct SeenRequest {
    std::string method{};
    std::string target{};
    std::vector<std::pair<std::string, std::string>> headers{}; // names in lower case
    std::string body{};
    int connection = 0; // from 1, in the order of opening
    std::string raw{};  // as received

    std::string_view header(std::string_view name) const
    {
        const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
        return found == headers.end() ? std::string_view() : std::string_view(found->second);
    }
};

// The handling of one request.
struct InjectedFault {
    std::string bytes{};  // sent unchanged, including the head
    bool close = false;   // the connection is closed after them
    bool silent = false;  // nothing more is sent, and the connection stays open until the client closes it
    bool forward = false; // the upstream server gets the request first; without `bytes` its response is forwarded
    std::size_t keep = std::string::npos;                  // of an upstream response only that many bytes are forwarded
    std::function<std::string(const SeenRequest&)> make{}; // makes `bytes` for a request
};

namespace fault {

inline std::string http_bytes(int status, std::string_view type, std::string_view body, std::string_view headers = {})
{
    return "HTTP/1.1 " + std::to_string(status) + " Told\r\nContent-Type: " + std::string(type) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}
// `headers`: complete lines with CRLF.
inline InjectedFault respond(int status, std::string_view type, std::string_view body, std::string_view headers = {})
{
    return {.bytes = http_bytes(status, type, body, headers)};
}
inline InjectedFault json(int status, std::string_view body, std::string_view headers = {})
{
    return respond(status, "application/x-amz-json-1.0", body, headers);
}
inline InjectedFault xml(int status, std::string_view body, std::string_view headers = {})
{
    return respond(status, "text/xml", body, headers);
}
inline InjectedFault error(int status, std::string_view type, std::string_view message = "told so",
                           std::string_view headers = {})
{
    return json(status,
                R"({"__type":"com.amazonaws.dynamodb.v20120810#)" + std::string(type) + R"(","message":")" +
                    std::string(message) + R"("})",
                headers);
}
inline InjectedFault throttled(std::string_view headers = {})
{
    return error(400, "ThrottlingException", "Rate exceeded", headers);
}
inline InjectedFault html(int status)
{
    return respond(status, "text/html; charset=utf-8", "<html><body><h1>A proxy</h1></body></html>");
}
inline InjectedFault chunked(const std::vector<std::string>& pieces)
{
    std::string bytes = "HTTP/1.1 200 Told\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto& piece : pieces) {
        char size[20];
        const auto end = std::to_chars(size, size + sizeof(size), piece.size(), 16).ptr;
        bytes += std::string(size, end) + "\r\n" + piece + "\r\n";
    }
    return {.bytes = bytes + "0\r\n\r\n"};
}
// Half of a response, then the end of the connection.
inline InjectedFault cut()
{
    return {.bytes = "HTTP/1.1 200 Told\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"half\":",
            .close = true};
}
inline InjectedFault closed_unanswered()
{
    return {.close = true};
}
inline InjectedFault silence()
{
    return {.silent = true};
}
// A response with keep-alive whose connection is then closed.
inline InjectedFault then_closed(InjectedFault fault)
{
    fault.close = true;
    return fault;
}
inline InjectedFault forwarded()
{
    return {.forward = true};
}
// The upstream server executes the request; the client gets no response.
inline InjectedFault done_and_unanswered()
{
    return {.close = true, .forward = true, .keep = 0};
}
inline InjectedFault done_and_cut(std::size_t keep)
{
    return {.close = true, .forward = true, .keep = keep};
}
inline InjectedFault done_and_silent()
{
    return {.silent = true, .forward = true, .keep = 0};
}
inline InjectedFault made(std::function<std::string(const SeenRequest&)> make)
{
    return {.make = std::move(make)};
}

} // namespace fault

// A port of 127.0.0.1 on which nobody listens, and which nobody else gets while this object exists.
class ClosedPort {
public:
    ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("127.0.0.1 has no port to give");
        port_ = ntohs(address.sin_port);
    }
    ~ClosedPort() { ::close(socket_); }
    ClosedPort(const ClosedPort&) = delete;
    ClosedPort& operator=(const ClosedPort&) = delete;

    int socket() const { return socket_; }
    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    int socket_;
    std::uint16_t port_ = 0;
};

class FaultServer {
public:
    struct Options {
        std::uint16_t upstream_port = 0;   // on 127.0.0.1; 0: none
        std::string certificate_file = {}; // PEM; with `key_file`: TLS
        std::string key_file = {};
    };

    FaultServer() : FaultServer(Options()) {}
    explicit FaultServer(Options options) : options_(std::move(options)), listener_(listen_somewhere())
    {
        std::signal(SIGPIPE, SIG_IGN);
        if (!options_.certificate_file.empty())
            load_certificate();
        otherwise_ = options_.upstream_port ? fault::forwarded() : fault::json(200, "{}");
        acceptor_ = std::thread([this] { accept_all(); });
    }
    ~FaultServer()
    {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            for (const Peer& peer : peers_)
                ::shutdown(peer.socket, SHUT_RDWR);
        }
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        for (Peer& peer : peers_)
            peer.thread.join();
    }
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;

    std::uint16_t port() const { return place_.port(); }
    std::string url() const { return tls_ ? "https://localhost:" + std::to_string(port()) : place_.url(); }

    // Any thread, also during requests.
    void next(InjectedFault fault, int requests = 1)
    {
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < requests; ++i)
            script_.push_back(fault);
    }
    void otherwise(InjectedFault fault)
    {
        const std::lock_guard lock(mutex_);
        otherwise_ = std::move(fault);
    }
    // The next connections are closed as soon as they are accepted.
    void refuse_connections(int connections)
    {
        const std::lock_guard lock(mutex_);
        refuse_ = connections;
    }

    std::vector<SeenRequest> seen() const
    {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    int connections() const // accepted so far, including refused ones
    {
        const std::lock_guard lock(mutex_);
        return accepted_;
    }
    int max_open_connections() const // at one time
    {
        const std::lock_guard lock(mutex_);
        return most_open_;
    }
    // Waits until that many connections have ended; false after ten seconds.
    bool wait_for_ended(int connections) const
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return ended_ >= connections; });
    }
    bool wait_for_seen(std::size_t requests) const
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return seen_.size() >= requests; });
    }

private:
    struct FreeContext {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    struct FreeSsl {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    struct Peer {
        int socket = -1;
        std::thread thread{};
    };
    // One connection's bytes, in either direction.
    struct Stream {
        int socket = -1;
        std::unique_ptr<SSL, FreeSsl> ssl{};

        std::size_t read(char* data, std::size_t size) const
        {
            const auto got = ssl ? SSL_read(ssl.get(), data, static_cast<int>(size)) : ::recv(socket, data, size, 0);
            return got > 0 ? static_cast<std::size_t>(got) : 0;
        }
        void write(std::string_view bytes) const
        {
            while (!bytes.empty()) {
                const auto sent = ssl ? SSL_write(ssl.get(), bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (sent <= 0)
                    return;
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            }
        }
    };

    Options options_;
    ClosedPort place_;
    int listener_;
    std::unique_ptr<SSL_CTX, FreeContext> tls_;
    std::thread acceptor_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::deque<InjectedFault> script_;
    InjectedFault otherwise_;
    std::vector<SeenRequest> seen_;
    std::list<Peer> peers_;
    int refuse_ = 0;
    int accepted_ = 0;
    int ended_ = 0;
    int most_open_ = 0;
    bool stopping_ = false;

    int listen_somewhere()
    {
        if (::listen(place_.socket(), 512) != 0)
            throw std::runtime_error("cannot listen on 127.0.0.1");
        return place_.socket();
    }

    void load_certificate()
    {
        tls_.reset(SSL_CTX_new(TLS_server_method()));
        if (SSL_CTX_use_certificate_chain_file(tls_.get(), options_.certificate_file.c_str()) != 1 ||
            SSL_CTX_use_PrivateKey_file(tls_.get(), options_.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
            throw std::runtime_error("cannot read the certificate");
    }

    void accept_all()
    {
        for (;;) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            const std::lock_guard lock(mutex_);
            if (socket < 0 || stopping_) {
                if (socket >= 0)
                    ::close(socket);
                return;
            }
            const int number = ++accepted_;
            if (refuse_ > 0) {
                --refuse_;
                ++ended_;
                ::close(socket);
                continue;
            }
            most_open_ = std::max(most_open_, accepted_ - ended_);
            const int on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
            Peer& peer = peers_.emplace_back(Peer{.socket = socket});
            peer.thread = std::thread([this, &peer, socket, number] {
                serve({.socket = socket}, number);
                const std::lock_guard end(mutex_);
                peer.socket = -1;
                ::close(socket);
                ++ended_;
                changed_.notify_all();
            });
        }
    }

    void serve(Stream stream, int number)
    {
        if (tls_) {
            stream.ssl.reset(SSL_new(tls_.get()));
            SSL_set_fd(stream.ssl.get(), stream.socket);
            if (SSL_accept(stream.ssl.get()) != 1)
                return;
        }
        std::string buffer;
        while (auto request = read_request(stream, buffer)) {
            request->connection = number;
            const InjectedFault fault = take(*request);
            std::string bytes = fault.make ? fault.make(*request) : fault.bytes;
            if (fault.forward) {
                auto response = ask_upstream(*request);
                if (bytes.empty())
                    bytes = response.substr(0, fault.keep);
            }
            stream.write(bytes);
            if (fault.silent) {
                char ignored = 0;
                while (stream.read(&ignored, 1) > 0)
                    ;
                return;
            }
            if (fault.close)
                return;
        }
    }

    InjectedFault take(const SeenRequest& request)
    {
        const std::lock_guard lock(mutex_);
        seen_.push_back(request);
        changed_.notify_all();
        if (script_.empty())
            return otherwise_;
        InjectedFault fault = std::move(script_.front());
        script_.pop_front();
        return fault;
    }

    // The next request of a connection, a part of which may already be in `buffer`.
    std::optional<SeenRequest> read_request(const Stream& stream, std::string& buffer)
    {
        SeenRequest request;
        request.raw = read_message(stream, buffer);
        if (request.raw.empty())
            return std::nullopt;
        const std::string_view raw = request.raw;
        request.method = raw.substr(0, raw.find(' '));
        const auto target = request.method.size() + 1;
        request.target = raw.substr(target, raw.find(' ', target) - target);
        const auto head_end = raw.find("\r\n\r\n");
        request.body = raw.substr(head_end + 4);
        for (auto at = raw.find("\r\n") + 2; at < head_end;) {
            const auto line = raw.substr(at, raw.find("\r\n", at) - at);
            const auto colon = line.find(": ");
            request.headers.emplace_back(lower(line.substr(0, colon)), line.substr(colon + 2));
            at += line.size() + 2;
        }
        return request;
    }

    static std::string lower(std::string_view text)
    {
        std::string out(text);
        std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return out;
    }

    // Head and body; the body of a response may be chunked. Empty if the peer closed the connection before the end.
    static std::string read_message(const Stream& stream, std::string& buffer)
    {
        const auto more = [&] {
            char data[16 << 10];
            const auto got = stream.read(data, sizeof(data));
            buffer.append(data, got);
            return got > 0;
        };
        while (!buffer.contains("\r\n\r\n")) {
            if (!more())
                return {};
        }
        const auto head_end = buffer.find("\r\n\r\n") + 4;
        const auto head = lower(std::string_view(buffer).substr(0, head_end));
        std::size_t size = head_end;
        if (const auto at = head.find("\r\ncontent-length: "); at != std::string::npos) {
            std::size_t length = 0;
            std::from_chars(head.data() + at + 18, head.data() + head.size(), length);
            size += length;
        } else if (head.contains("\r\ntransfer-encoding: chunked")) {
            while (!buffer.ends_with("0\r\n\r\n")) {
                if (!more())
                    return {};
            }
            size = buffer.size();
        }
        while (buffer.size() < size) {
            if (!more())
                return {};
        }
        auto message = buffer.substr(0, size);
        buffer.erase(0, size);
        return message;
    }

    std::string ask_upstream(const SeenRequest& request) const
    {
        const Stream upstream{.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(options_.upstream_port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        std::string response;
        if (::connect(upstream.socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
            upstream.write(request.raw);
            std::string buffer;
            response = read_message(upstream, buffer);
        }
        ::close(upstream.socket);
        return response.empty() ? fault::http_bytes(502, "text/plain", "the upstream server does not respond")
                                : response;
    }
};

} // namespace estante
