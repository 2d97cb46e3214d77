#include "adapters/aws/cached_credentials.hpp"

#include "adapters/aws/completion.hpp"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace estante::aws {

namespace {

constexpr std::int64_t refresh_ahead_ms = 300'000;
constexpr std::int64_t min_refresh_interval_ms = 10'000;

// Shared with the fetch in progress, which may end after the credentials are destroyed.
struct CachedKey {
    Clock& clock;
    CredentialsFetcher fetch_key;

    std::mutex mutex{};
    std::optional<Credentials> key{};
    bool is_fetching = false;
    std::int64_t last_fetch_ms = 0; // when a fetch last ended, successful or not
    std::vector<Completion<Result<Credentials, CredentialsError>>> waiting{};

    bool is_valid(std::int64_t now_ms) const { return key && (!key->expires_ms || *key->expires_ms > now_ms); }
    bool is_refresh_due(std::int64_t now_ms) const
    {
        return key->expires_ms && *key->expires_ms - refresh_ahead_ms <= now_ms &&
               now_ms >= last_fetch_ms + min_refresh_interval_ms;
    }

    void finish_fetch(const Result<Credentials, CredentialsError>& fetched)
    {
        std::vector<Completion<Result<Credentials, CredentialsError>>> completions;
        {
            const std::lock_guard lock(mutex);
            is_fetching = false;
            last_fetch_ms = clock.now_ms();
            if (fetched)
                key = *fetched;
            completions.swap(waiting);
        }
        for (const auto& complete : completions)
            complete(fetched);
    }
};

Task<void> fetch(std::shared_ptr<CachedKey> cached)
{
    Result<Credentials, CredentialsError> fetched;
    try {
        fetched = co_await cached->fetch_key();
    } catch (const std::exception& e) {
        fetched = std::unexpected(CredentialsError{.reason = e.what()});
    }
    cached->finish_fetch(fetched);
}

class CachedCredentials final : public CredentialsProvider {
public:
    CachedCredentials(Client& client, Clock& clock, CredentialsFetcher fetch_key)
        : client_(client), cached_(std::make_shared<CachedKey>(clock, std::move(fetch_key)))
    {
    }

    Task<Result<Credentials, CredentialsError>> get() override
    {
        std::optional<Credentials> valid;
        bool start_refresh = false;
        {
            const std::lock_guard lock(cached_->mutex);
            const auto now_ms = cached_->clock.now_ms();
            if (cached_->is_valid(now_ms)) {
                valid = cached_->key;
                start_refresh = !cached_->is_fetching && cached_->is_refresh_due(now_ms);
                cached_->is_fetching = cached_->is_fetching || start_refresh;
            }
        }
        if (start_refresh)
            start_fetch();
        if (valid)
            co_return std::move(*valid);
        co_return co_await await_completion<Result<Credentials, CredentialsError>>(
            [this](const auto& complete) { join_fetch(complete); });
    }

    void mark_expired(const Credentials& key) override
    {
        const std::lock_guard lock(cached_->mutex);
        if (cached_->key && cached_->key->id == key.id && cached_->key->session_token == key.session_token)
            cached_->key.reset();
    }

private:
    Client& client_;
    std::shared_ptr<CachedKey> cached_;

    // Another caller's fetch may have ended since get() checked the cache.
    void join_fetch(const Completion<Result<Credentials, CredentialsError>>& complete)
    {
        std::optional<Credentials> valid;
        bool is_first = false;
        {
            const std::lock_guard lock(cached_->mutex);
            if (cached_->is_valid(cached_->clock.now_ms())) {
                valid = cached_->key;
            } else {
                cached_->waiting.push_back(complete);
                is_first = !std::exchange(cached_->is_fetching, true);
            }
        }
        if (valid)
            complete(std::move(*valid));
        else if (is_first)
            start_fetch();
    }

    void start_fetch()
    {
        if (!client_.spawn_detached(fetch(cached_)))
            cached_->finish_fetch(std::unexpected(CredentialsError{.reason = "the client is shutting down"}));
    }
};

} // namespace

std::unique_ptr<CredentialsProvider> create_caching_provider(Client& client, Clock& clock, CredentialsFetcher fetch_key)
{
    return std::make_unique<CachedCredentials>(client, clock, std::move(fetch_key));
}

} // namespace estante::aws
