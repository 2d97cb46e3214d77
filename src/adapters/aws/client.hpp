// One HTTPS client for every AWS service: signed requests over pooled connections, with deadlines and bounded retries.
//
// Thread rules: every member may be called from any thread, and a coroutine resumes on its own executor. All
// connections belong to one thread of the client, so the pool needs no locks. A caller's event loop may be destroyed at
// any time: requests in flight then end on the client's thread, and their responses are dropped.
#pragma once

#include "adapters/aws/credentials.hpp"
#include "adapters/aws/headers.hpp"
#include "domain/result.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

// The endpoint of a service, and the names that its requests are signed for.
struct Service {
    std::string name;            // in the signature: "dynamodb", "s3", "sts"
    std::string region;          // "eu-central-1"
    std::string url;             // "https://dynamodb.eu-central-1.amazonaws.com" or a custom endpoint
    bool sign_path_once = false; // S3 signs the path as it is sent; other services encode it a second time
};

// The public endpoint of a service in a region, unless `endpoint` names another (endpoint_from() in environment.hpp).
Service service_at(std::string name, std::string region, const std::string& endpoint = {});

struct Request {
    std::string method = "POST";
    std::string path = "/";                                   // percent-encoded
    std::vector<std::pair<std::string, std::string>> query{}; // decoded; the client encodes and sorts it
    // In addition to Host, X-Amz-Date, Authorization and Content-Length. All are signed. X-Amz-Content-Sha256 replaces
    // the digest of the body, which is then not computed.
    Headers headers{};
    std::string body{};
    // True when a repeated request has no further effect. Then it is also retried after an attempt whose outcome is
    // unknown.
    bool idempotent = true;
    // The limit of one whole attempt, connecting included; absent: ClientOptions::response_timeout. It may be longer.
    std::optional<std::chrono::milliseconds> attempt_timeout{};
};

struct Response {
    unsigned status = 0; // 2xx
    Headers headers{};   // names in lower case
    std::string body{};
};

struct Failure {
    enum class Kind {
        rejected,    // the service rejected the request: `type` says why, and a retry cannot succeed
        throttled,   // the last attempt was throttled
        unavailable, // no connection, a timeout, 5xx, or a response that is not the service's
        forbidden,   // no credentials, or insufficient permissions
    };
    Kind kind = Kind::unavailable;
    unsigned status = 0;   // 0 without a response
    std::string type{};    // "ConditionalCheckFailedException", "NoSuchKey"; empty without one
    std::string message{}; // for a log; holds no secret
    std::string body{};    // of a response that rejected the request, for errors with further details; else empty
    // Some attempt may have had its effect. True also when a later attempt was rejected.
    bool maybe_applied = false;
    int attempts = 0;
};

struct ClientOptions {
    std::size_t max_connections = 50; // of all services together; further calls wait for one to become free
    int max_attempts = 3;             // plus one after a corrected clock, and one after refreshed credentials
    std::chrono::milliseconds connect_timeout{2'000};
    // For one attempt: write, wait and read. Also the limit of waiting for a free connection before that.
    std::chrono::milliseconds response_timeout{10'000};
    std::chrono::milliseconds backoff_base{50}; // see backoff.hpp
    std::chrono::milliseconds backoff_cap{5'000};
    std::chrono::seconds idle_timeout{20}; // idle connections are closed after this time
    std::size_t max_response_bytes = 64UL << 20;
    std::string ca_file{}; // trusted certificates (PEM); empty: the system's
};

struct ClientCounters {
    std::uint64_t attempts = 0;
    std::uint64_t retries = 0;
    std::uint64_t connections_opened = 0;
    std::size_t connections_open = 0; // in use or idle
    std::size_t connections_in_use = 0;
};

class Client {
public:
    // Clock and random source outlive the client and its calls.
    Client(Clock& clock, Random& random, ClientOptions options = {});
    ~Client(); // calls in flight fail with `unavailable`; not on the client's own thread
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Signs and sends the request. Retries with backoff; corrects the clock once after a skew, and refreshes the
    // credentials once after they expired. `service` and `credentials` outlive the call. With an empty key id the
    // request is not signed.
    Task<Result<Response, Failure>> call(const Service& service, CredentialsProvider& credentials, Request request);

    // One unsigned attempt, for the endpoints that provide credentials. `timeout` covers everything. Path and query
    // come from the URL, not from the request.
    Task<Result<Response, Failure>> fetch(std::string url, Request request, std::chrono::milliseconds timeout);

    // Runs a task without a caller on the client's thread, such as a credentials fetch that several callers share.
    // Exceptions are ignored. Returns false, without running it, when the client is shutting down.
    bool spawn_detached(Task<void> task);

    ClientCounters counters() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace estante::aws
