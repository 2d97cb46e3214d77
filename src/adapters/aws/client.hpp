// One HTTPS client for every AWS service: signed requests over kept connections, with deadlines and bounded attempts.
//
// Thread rules: every member may be called from any thread; a coroutine resumes on its own executor. All connections
// live on one thread of the client's own, so the pool needs no locks and a caller's event loop may end at any time:
// what it had under way then ends on that thread, and nobody hears of it.
#pragma once

#include "adapters/aws/credentials.hpp"
#include "adapters/aws/headers.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

// Where a service answers, and under which names requests to it are signed.
struct Service {
    std::string name;            // of the signature: "dynamodb", "s3", "sts"
    std::string region;          // "eu-central-1"
    std::string url;             // "https://dynamodb.eu-central-1.amazonaws.com" or an endpoint of one's own
    bool sign_path_once = false; // S3: the path is signed as it is sent, not encoded a second time
};

// The public endpoint of a service in a region, unless `endpoint` is another (endpoint_from() of environment.hpp).
Service service_at(std::string name, std::string region, const std::string& endpoint = {});

struct Request {
    std::string method = "POST";
    std::string path = "/";                                   // percent-encoded as it is to be sent
    std::vector<std::pair<std::string, std::string>> query{}; // decoded; the client encodes and sorts
    // Beside Host, X-Amz-Date, Authorization, Content-Length. All are signed. X-Amz-Content-Sha256 stands for the
    // digest of the body, which is then not taken again.
    Headers headers{};
    std::string body{};
    // Whether a second effect would be none: such a request is also tried again after an attempt of unknown outcome.
    bool repeatable = true;
    // The limit of one whole attempt, connecting included; absent: ClientOptions::answer_within. It may be longer.
    std::optional<std::chrono::milliseconds> within{};
};

struct Response {
    unsigned status = 0; // 2xx
    Headers headers{};   // names in lower case
    std::string body{};
};

struct Failure {
    enum class Kind {
        refused,     // the service understood and said no: `type` says why; trying again changes nothing
        throttled,   // it said "slower" in the last attempt
        unavailable, // no connection, no answer in time, 5xx, or an answer that is none of the service's
        forbidden,   // no credentials, or they do not suffice
    };
    Kind kind = Kind::unavailable;
    unsigned status = 0;   // 0 without an answer
    std::string type{};    // "ConditionalCheckFailedException", "NoSuchKey"; empty without one
    std::string message{}; // for a log; holds no secret
    std::string body{};    // of the answer that refused, for errors with more to them; else empty
    // Of any attempt it is not known whether it had its effect, also when a later one was refused.
    bool maybe_done = false;
    int attempts = 0; // that were sent or tried
};

template <class T> using Called = std::expected<T, Failure>;

struct ClientOptions {
    std::size_t connections = 50; // at most, of all services together; more calls wait their turn
    int attempts = 3;             // and at most one more each for a corrected clock and for fresh credentials
    std::chrono::milliseconds connect_within{2'000};
    // One attempt: write, wait and read; and, before that, the longest wait for a connection to become free.
    std::chrono::milliseconds answer_within{10'000};
    std::chrono::milliseconds backoff_base{50};   // attempt n waits a random time up to base · 2^(n-1) …
    std::chrono::milliseconds backoff_cap{5'000}; // … and never more than this (full jitter)
    std::chrono::seconds keep_idle{20};           // a connection that was idle for longer is not used again
    std::size_t answer_bytes = 64UL << 20;        // a longer answer is a failure
    std::string ca_file{};                        // trusted certificates (PEM); empty: the system's
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

    // Signs and sends, with attempts, backoff, a corrected clock after a skew and fresh credentials after an expiry.
    // `service` and `credentials` outlive the call. A key with an empty id signs nothing.
    Task<Called<Response>> call(const Service& service, Credentials& credentials, Request request);

    // One unsigned attempt without retries: for the endpoints that give credentials. `within` covers everything. The
    // URL's path and query stand in for the request's own.
    Task<Called<Response>> fetch(std::string url, Request request, std::chrono::milliseconds within);

    // Runs what has no caller of its own, such as a fetch that several callers share, on the client's thread; what it
    // throws is lost. False, and nothing is run, when the client is ending.
    bool run_apart(Task<void> work);

    ClientCounters counters() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace estante::aws
