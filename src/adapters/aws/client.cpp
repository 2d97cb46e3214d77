#include "adapters/aws/client.hpp"

#include "adapters/aws/backoff.hpp"
#include "adapters/aws/connection_pool.hpp"
#include "adapters/aws/error_classification.hpp"
#include "adapters/aws/signed_request.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>

namespace estante::aws {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Client::State {
    Clock& clock;
    Random& random;
    const ClientOptions options;
    SigningKeyCache signing_keys;
    std::atomic<std::int64_t> clock_skew_ms = 0; // the services' clock minus ours, after a service reported a skew
    std::atomic<std::uint64_t> attempts = 0;
    std::atomic<std::uint64_t> retries = 0;

    asio::io_context loop{1};
    ConnectionPool pool{loop, options};
    std::mutex post_mutex; // nothing is posted to the loop after `shutting_down`
    bool shutting_down = false;
    asio::executor_work_guard<asio::io_context::executor_type> work_guard{loop.get_executor()};
    std::thread thread{[this] { loop.run(); }};

    State(Clock& given_clock, Random& given_random, ClientOptions given_options)
        : clock(given_clock), random(given_random), options(std::move(given_options))
    {
    }

    void shut_down()
    {
        {
            const std::lock_guard lock(post_mutex);
            shutting_down = true;
            asio::post(loop, [this] { pool.shut_down(); });
            work_guard.reset();
        }
        thread.join(); // the pool completes everything that waits, so the loop runs out of work
    }

    // Runs `work` on the client's thread; false when the client is shutting down.
    template <class Work> bool post(Work work)
    {
        const std::lock_guard lock(post_mutex);
        if (!shutting_down)
            asio::post(loop, std::move(work));
        return !shutting_down;
    }

    Task<Result<Response, TransportError>> exchange(std::shared_ptr<PendingRequest> exchange)
    {
        ++attempts;
        return await_completion<Result<Response, TransportError>>(
            [this, exchange = std::move(exchange)](const auto& complete) {
                exchange->complete = complete;
                if (!post([this, exchange] { pool.start(exchange); }))
                    complete(std::unexpected(
                        TransportError{.reason = "the client is shutting down", .non_retryable = true}));
            });
    }

    // False when the client is shutting down.
    Task<bool> sleep(std::chrono::microseconds delay)
    {
        return await_completion<bool>([this, delay](const Completion<bool>& complete) {
            if (!post([this, delay, complete] { pool.sleep(delay, complete); }))
                complete(false);
        });
    }

    // After the failed attempt of this number, from 1. A longer Retry-After of the service counts, up to the cap.
    std::chrono::microseconds retry_delay(int attempt, std::chrono::seconds retry_after)
    {
        const Backoff backoff{.base = options.backoff_base, .cap = options.backoff_cap};
        return std::min<std::chrono::microseconds>(
            std::max<std::chrono::microseconds>(backoff_delay(backoff, attempt, random), retry_after), backoff.cap);
    }
};

namespace {

ErrorClassification classify_transport_error(const TransportError& error)
{
    return {.failure = {.message = error.reason},
            .action = error.non_retryable ? RetryAction::none : RetryAction::back_off,
            .not_applied = !error.maybe_sent};
}

bool is_same(const Credentials& left, const Credentials& right)
{
    return left.id == right.id && left.secret == right.secret && left.session_token == right.session_token;
}

// The attempts of one call so far, and whether another may follow.
class RetryState {
public:
    RetryState(int max_attempts, bool idempotent) : max_attempts_(max_attempts), idempotent_(idempotent) {}

    int attempts = 0;
    int failed_attempts = 0; // those followed by a backoff

    bool should_retry(const ErrorClassification& error)
    {
        maybe_applied_ = maybe_applied_ || !error.not_applied;
        if (maybe_applied_ && !idempotent_)
            return false;
        switch (error.action) {
        case RetryAction::none:
            return false;
        case RetryAction::back_off:
            return ++failed_attempts < max_attempts_;
        case RetryAction::correct_clock:
            return !std::exchange(clock_corrected_, true);
        case RetryAction::refresh_credentials:
            return !std::exchange(credentials_refreshed_, true);
        }
        return false;
    }

    std::unexpected<Failure> final_failure(ErrorClassification& error) const
    {
        error.failure.attempts = attempts;
        error.failure.maybe_applied = maybe_applied_;
        return std::unexpected(std::move(error.failure));
    }

private:
    int max_attempts_;
    bool idempotent_;
    bool maybe_applied_ = false;
    bool clock_corrected_ = false;
    bool credentials_refreshed_ = false;
};

} // namespace

Service service_at(std::string name, std::string region, const std::string& endpoint)
{
    const bool s3 = name == "s3";
    std::string url = endpoint;
    if (url.empty()) {
        const std::string_view host = name;
        const std::string_view domain = region.starts_with("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
        url = fmt::format("https://{}.{}.{}", host, region, domain);
    }
    return {.name = std::move(name), .region = std::move(region), .url = std::move(url), .sign_path_once = s3};
}

Client::Client(Clock& clock, Random& random, ClientOptions options)
    : state_(std::make_shared<State>(clock, random, std::move(options)))
{
}

Client::~Client()
{
    state_->shut_down();
}

Task<Result<Response, Failure>> Client::call(const Service& service, CredentialsProvider& credentials, Request request)
{
    const auto state = state_; // the client may be destroyed before the call ends
    const PreparedRequest prepared = prepare(service.url, std::move(request), true);
    RetryState retry(state->options.max_attempts, prepared.request.idempotent);
    std::optional<Credentials> expired_key;
    std::optional<ErrorClassification> last_error;
    for (;;) {
        auto key = co_await credentials.get();
        if (!key) {
            last_error = ErrorClassification{
                .failure = {.kind = Failure::Kind::forbidden, .message = std::move(key.error().reason)}};
            co_return retry.final_failure(*last_error);
        }
        if (expired_key && is_same(*expired_key, *key))
            co_return retry.final_failure(*last_error);

        const auto now_ms = state->clock.now_ms() + state->clock_skew_ms;
        auto exchange = std::make_shared<PendingRequest>();
        exchange->url = service.url;
        exchange->request = key->id.empty() ? unsigned_request(prepared)
                                            : signed_request(prepared, service, *key, now_ms, state->signing_keys);
        exchange->idempotent = prepared.request.idempotent;
        if (prepared.request.attempt_timeout)
            exchange->attempt_deadline = steady_clock::now() + *prepared.request.attempt_timeout;
        ++retry.attempts;
        auto response = co_await state->exchange(std::move(exchange));

        last_error = response ? classify_response(service, prepared.request, *response, now_ms)
                              : classify_transport_error(response.error());
        if (!last_error)
            co_return std::move(*response);
        if (!retry.should_retry(*last_error))
            co_return retry.final_failure(*last_error);
        ++state->retries;
        if (last_error->action == RetryAction::correct_clock) {
            state->clock_skew_ms = *last_error->server_time_ms - state->clock.now_ms();
        } else if (last_error->action == RetryAction::refresh_credentials) {
            credentials.mark_expired(*key);
            expired_key = std::move(*key);
        } else if (!co_await state->sleep(state->retry_delay(retry.failed_attempts, last_error->retry_after))) {
            co_return retry.final_failure(*last_error);
        }
    }
}

Task<Result<Response, Failure>> Client::fetch(std::string url, Request request, milliseconds timeout)
{
    const auto state = state_;
    const auto deadline = steady_clock::now() + timeout;
    const auto parsed = parse_endpoint_url(url);
    request.path = parsed && !parsed->target.empty() ? parsed->target : "/";
    const PreparedRequest prepared = prepare(std::string(parsed ? parsed->origin : url), std::move(request), false);
    auto exchange = std::make_shared<PendingRequest>();
    exchange->url = prepared.url;
    exchange->request = unsigned_request(prepared);
    exchange->idempotent = prepared.request.idempotent;
    exchange->attempt_deadline = deadline;
    auto response = co_await state->exchange(std::move(exchange));
    if (!response)
        co_return std::unexpected(
            Failure{.message = response.error().reason, .maybe_applied = response.error().maybe_sent, .attempts = 1});
    if (response->status >= 200 && response->status < 300)
        co_return std::move(*response);
    const bool rejected = response->status < 500 && response->status != 408 && response->status != 429;
    co_return std::unexpected(Failure{.kind = rejected ? Failure::Kind::rejected : Failure::Kind::unavailable,
                                      .status = response->status,
                                      .message = fmt::format("HTTP {}", response->status),
                                      .body = std::move(response->body),
                                      .attempts = 1});
}

bool Client::spawn_detached(Task<void> task)
{
    // A coroutine cannot be copied into a handler, so it is spawned from within a posted one.
    auto shared = std::make_shared<std::optional<Task<void>>>(std::move(task));
    return state_->post(
        [state = state_.get(), shared] { asio::co_spawn(state->loop, std::move(**shared), asio::detached); });
}

ClientCounters Client::counters() const
{
    return {.attempts = state_->attempts,
            .retries = state_->retries,
            .connections_opened = state_->pool.opened_count,
            .connections_open = state_->pool.open_count,
            .connections_in_use = state_->pool.in_use_count};
}

} // namespace estante::aws
