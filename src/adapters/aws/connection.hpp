// One HTTP/1.1 connection, plain or TLS. Used on one thread, by one exchange at a time.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/url.hpp"
#include "runtime/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace estante::aws {

// A request as it goes over the wire.
struct Outgoing {
    std::string head{};                        // through the empty line; a short body follows in it
    std::shared_ptr<const std::string> body{}; // a longer one
    bool no_body_answered = false;             // HEAD
};

// Why there is no answer.
struct Broken {
    std::string reason{};
    bool sent = false;           // some of the request may have reached the peer
    bool closed_unheard = false; // the peer closed the connection before any byte of an answer
    bool hopeless = false;       // another attempt would end the same
};

using Outcome = std::expected<Response, Broken>; // of any status

// The certificates that a peer must be vouched for by. Throws std::runtime_error when they cannot be read.
class Trust;
std::shared_ptr<Trust> load_trust(const std::string& ca_file); // empty: the system's

class Connection {
public:
    virtual ~Connection() = default;

    // Once, before the first exchange. With TLS the peer's certificate and name are verified.
    virtual Task<std::optional<Broken>> open() = 0;
    virtual Task<Outcome> exchange(const Outgoing& request) = 0;
    // Whether another exchange may follow: both sides keep it, and the peer has not closed it since.
    virtual bool usable() = 0;
    // What is under way ends soon, as broken.
    virtual void close() = 0;
};

// `trust` is needed for an https URL. An answer over `answer_bytes` is a failure.
std::unique_ptr<Connection> create_connection(const boost::asio::any_io_executor& executor, const Url& url,
                                              const std::shared_ptr<Trust>& trust, std::size_t answer_bytes);

} // namespace estante::aws
