#include "adapters/aws/client.hpp"

#include "adapters/aws/pool.hpp"
#include "adapters/aws/signed_request.hpp"
#include "adapters/aws/verdict.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <thread>

namespace estante::aws {

namespace asio = boost::asio;
using std::chrono::milliseconds;

struct Client::State {
    Clock& clock;
    Random& random;
    const ClientOptions options;
    SigningKeys keys;
    std::atomic<std::int64_t> skew_ms = 0; // the services' clock minus ours, once one complained
    std::atomic<std::uint64_t> attempts = 0;
    std::atomic<std::uint64_t> retries = 0;

    asio::io_context loop{1};
    Pool pool{loop, options};
    std::mutex door; // nothing is posted to the loop any more once `ending`
    bool ending = false;
    asio::executor_work_guard<asio::io_context::executor_type> open_for_business{loop.get_executor()};
    std::thread thread{[this] { loop.run(); }};

    State(Clock& given_clock, Random& given_random, ClientOptions given_options)
        : clock(given_clock), random(given_random), options(std::move(given_options))
    {
    }

    void end()
    {
        {
            const std::lock_guard lock(door);
            ending = true;
            asio::post(loop, [this] { pool.end(); });
            open_for_business.reset();
        }
        thread.join(); // all that waits there has been told, so the loop runs out of work
    }

    // Runs `work` on the client's thread; false when there is none any more.
    template <class Work> bool post(Work work)
    {
        const std::lock_guard lock(door);
        if (!ending)
            asio::post(loop, std::move(work));
        return !ending;
    }

    Task<Outcome> exchange(std::shared_ptr<Exchange> exchange)
    {
        ++attempts;
        return handed_over<Outcome>([this, exchange = std::move(exchange)](const Delivery<Outcome>& deliver) {
            exchange->deliver = deliver;
            if (!post([this, exchange] { pool.start(exchange); }))
                deliver(std::unexpected(Broken{.reason = "the client is ending", .hopeless = true}));
        });
    }

    // False when the client is ending.
    Task<bool> rest(milliseconds pause)
    {
        return handed_over<bool>([this, pause](const Delivery<bool>& deliver) {
            if (!post([this, pause, deliver] { pool.rest(pause, deliver); }))
                deliver(false);
        });
    }

    // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    milliseconds pause_after(int attempt, std::chrono::seconds retry_after)
    {
        const auto doubled = options.backoff_base * (std::int64_t{1} << std::clamp(attempt - 1, 0, 20));
        const auto most = std::min<milliseconds>(doubled, options.backoff_cap);
        std::array<std::uint8_t, 4> bytes{};
        random.fill(bytes);
        const std::uint64_t chance = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint64_t{bytes[3]} << 24;
        const milliseconds jittered((chance * static_cast<std::uint64_t>(most.count() + 1)) >> 32);
        return std::min<milliseconds>(std::max<milliseconds>(jittered, retry_after), options.backoff_cap);
    }
};

namespace {

Verdict verdict_on(const Broken& broken)
{
    return {.failure = {.message = broken.reason},
            .remedy = broken.hopeless ? Verdict::Remedy::none : Verdict::Remedy::pause,
            .no_effect = !broken.sent};
}

bool is_same(const AccessKey& left, const AccessKey& right)
{
    return left.id == right.id && left.secret == right.secret && left.session_token == right.session_token;
}

// One call's attempts so far, and whether another may follow.
class Course {
public:
    Course(int budget, bool repeatable) : budget_(budget), repeatable_(repeatable) {}

    int attempts = 0;
    int pauses = 0;

    bool may_go_on(const Verdict& verdict)
    {
        unsure_ = unsure_ || !verdict.no_effect;
        if (unsure_ && !repeatable_)
            return false;
        switch (verdict.remedy) {
        case Verdict::Remedy::none:
            return false;
        case Verdict::Remedy::pause:
            return ++pauses < budget_;
        case Verdict::Remedy::clock:
            return !std::exchange(clock_corrected_, true);
        case Verdict::Remedy::fresh_key:
            return !std::exchange(key_renewed_, true);
        }
        return false;
    }

    Failure ended_by(Verdict& verdict) const
    {
        verdict.failure.attempts = attempts;
        verdict.failure.maybe_done = unsure_;
        return std::move(verdict.failure);
    }

private:
    int budget_;
    bool repeatable_;
    bool unsure_ = false;
    bool clock_corrected_ = false;
    bool key_renewed_ = false;
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
    state_->end();
}

Task<Called<Response>> Client::call(const Service& service, Credentials& credentials, Request request)
{
    const auto state = state_; // the client may end before the call does
    const Prepared prepared = prepare(service.url, std::move(request), true);
    Course course(state->options.attempts, prepared.request.repeatable);
    std::optional<AccessKey> expired;
    std::optional<Verdict> last;
    for (;;) {
        auto key = co_await credentials.key();
        if (!key) {
            last = Verdict{.failure = {.kind = Failure::Kind::forbidden, .message = std::move(key.error().reason)}};
            co_return std::unexpected(course.ended_by(*last));
        }
        if (expired && is_same(*expired, *key))
            co_return std::unexpected(course.ended_by(*last));

        const auto now_ms = state->clock.now_ms() + state->skew_ms;
        auto exchange = std::make_shared<Exchange>();
        exchange->url = service.url;
        exchange->request =
            key->id.empty() ? unsigned_request(prepared) : signed_request(prepared, service, *key, now_ms, state->keys);
        exchange->repeatable = prepared.request.repeatable;
        if (prepared.request.within)
            exchange->until = std::chrono::steady_clock::now() + *prepared.request.within;
        ++course.attempts;
        auto outcome = co_await state->exchange(std::move(exchange));

        last = outcome ? verdict_on(service, prepared.request, *outcome, now_ms) : verdict_on(outcome.error());
        if (!last)
            co_return std::move(*outcome);
        if (!course.may_go_on(*last))
            co_return std::unexpected(course.ended_by(*last));
        ++state->retries;
        if (last->remedy == Verdict::Remedy::clock) {
            state->skew_ms = *last->server_ms - state->clock.now_ms();
        } else if (last->remedy == Verdict::Remedy::fresh_key) {
            credentials.expired(*key);
            expired = std::move(*key);
        } else if (!co_await state->rest(state->pause_after(course.pauses, last->retry_after))) {
            co_return std::unexpected(course.ended_by(*last));
        }
    }
}

Task<Called<Response>> Client::fetch(std::string url, Request request, milliseconds within)
{
    const auto state = state_;
    const auto until = std::chrono::steady_clock::now() + within;
    const auto parsed = parse_url(url);
    request.path = parsed && !parsed->target.empty() ? parsed->target : "/";
    const Prepared prepared = prepare(std::string(parsed ? parsed->site : url), std::move(request), false);
    auto exchange = std::make_shared<Exchange>();
    exchange->url = prepared.url;
    exchange->request = unsigned_request(prepared);
    exchange->repeatable = prepared.request.repeatable;
    exchange->until = until;
    auto outcome = co_await state->exchange(std::move(exchange));
    if (!outcome)
        co_return std::unexpected(
            Failure{.message = outcome.error().reason, .maybe_done = outcome.error().sent, .attempts = 1});
    if (outcome->status >= 200 && outcome->status < 300)
        co_return std::move(*outcome);
    const bool refused = outcome->status < 500 && outcome->status != 408 && outcome->status != 429;
    co_return std::unexpected(Failure{.kind = refused ? Failure::Kind::refused : Failure::Kind::unavailable,
                                      .status = outcome->status,
                                      .message = fmt::format("HTTP {}", outcome->status),
                                      .body = std::move(outcome->body),
                                      .attempts = 1});
}

bool Client::run_apart(Task<void> work)
{
    // Coroutines are not copied into handlers: the spawning is what is posted.
    auto held = std::make_shared<std::optional<Task<void>>>(std::move(work));
    return state_->post(
        [state = state_.get(), held] { asio::co_spawn(state->loop, std::move(**held), asio::detached); });
}

ClientCounters Client::counters() const
{
    return {.attempts = state_->attempts,
            .retries = state_->retries,
            .connections_opened = state_->pool.opened,
            .connections_open = state_->pool.open,
            .connections_in_use = state_->pool.in_use};
}

} // namespace estante::aws
