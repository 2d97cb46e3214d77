// One HTTP/1.1 connection, plain or TLS. Used on one thread, by one exchange at a time.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/endpoint_url.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace estante::aws {

// A request as it is sent over the connection.
struct WireRequest {
    std::string head{};                        // through the empty line; a short body is appended to it
    std::shared_ptr<const std::string> body{}; // a longer body
    bool is_head_request = false;              // its response has no body, whatever length it names
};

// Why there is no response.
struct TransportError {
    std::string reason{};
    bool maybe_sent = false;       // the peer may have received some of the request
    bool stale_connection = false; // the peer closed the connection before it sent any byte of a response
    bool non_retryable = false;    // another attempt would fail in the same way
};

// The certificates that a peer's certificate is verified against.
class TrustStore;
// Throws std::runtime_error when the file cannot be read. Empty: the system's certificates.
std::shared_ptr<TrustStore> load_trust_store(const std::string& ca_file);

class HttpConnection {
public:
    virtual ~HttpConnection() = default;

    // Called once, before the first exchange. With TLS, verifies the peer's certificate and its name.
    virtual Task<std::optional<TransportError>> open() = 0;
    // The response may have any status.
    virtual Task<Result<Response, TransportError>> exchange(const WireRequest& request) = 0;
    // True when both sides keep the connection open and the peer has not closed it since.
    virtual bool is_reusable() = 0;
    // An open() or exchange() in progress fails soon.
    virtual void close() = 0;
};

// `trust_store` is needed for an https URL. A response over `max_response_bytes` is an error.
std::unique_ptr<HttpConnection> create_http_connection(const boost::asio::any_io_executor& executor,
                                                       const EndpointUrl& url,
                                                       const std::shared_ptr<TrustStore>& trust_store,
                                                       std::size_t max_response_bytes);

} // namespace estante::aws
