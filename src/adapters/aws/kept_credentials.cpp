#include "adapters/aws/kept_credentials.hpp"

#include "adapters/aws/handover.hpp"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace estante::aws {

namespace {

constexpr std::int64_t refresh_ahead_ms = 300'000;
constexpr std::int64_t refresh_pause_ms = 10'000;

using Fetched = std::expected<AccessKey, NoCredentials>;

// Shared with the fetch under way, which may end after the credentials.
struct Kept {
    Clock& clock;
    KeySource source;

    std::mutex mutex{};
    std::optional<AccessKey> key{};
    bool fetching = false;
    std::int64_t fetched_ms = 0; // when a fetch last ended, well or not
    std::vector<Delivery<Fetched>> waiting{};

    bool valid(std::int64_t now_ms) const { return key && (!key->expires_ms || *key->expires_ms > now_ms); }
    bool is_due(std::int64_t now_ms) const
    {
        return key->expires_ms && *key->expires_ms - refresh_ahead_ms <= now_ms &&
               now_ms >= fetched_ms + refresh_pause_ms;
    }

    void end_fetch(const Fetched& fetched)
    {
        std::vector<Delivery<Fetched>> told;
        {
            const std::lock_guard lock(mutex);
            fetching = false;
            fetched_ms = clock.now_ms();
            if (fetched)
                key = *fetched;
            told.swap(waiting);
        }
        for (const auto& deliver : told)
            deliver(fetched);
    }
};

Task<void> fetch(std::shared_ptr<Kept> kept)
{
    Fetched fetched;
    try {
        fetched = co_await kept->source();
    } catch (const std::exception& e) {
        fetched = std::unexpected(NoCredentials{.reason = e.what()});
    }
    kept->end_fetch(fetched);
}

class KeptCredentials final : public Credentials {
public:
    KeptCredentials(Client& client, Clock& clock, KeySource source)
        : client_(client), kept_(std::make_shared<Kept>(clock, std::move(source)))
    {
    }

    Task<Fetched> key() override
    {
        std::optional<AccessKey> valid;
        bool fetch_aside = false;
        {
            const std::lock_guard lock(kept_->mutex);
            const auto now_ms = kept_->clock.now_ms();
            if (kept_->valid(now_ms)) {
                valid = kept_->key;
                fetch_aside = !kept_->fetching && kept_->is_due(now_ms);
                kept_->fetching = kept_->fetching || fetch_aside;
            }
        }
        if (fetch_aside)
            begin_fetch();
        if (valid)
            co_return std::move(*valid);
        co_return co_await handed_over<Fetched>([this](const Delivery<Fetched>& deliver) { join(deliver); });
    }

    void expired(const AccessKey& key) override
    {
        const std::lock_guard lock(kept_->mutex);
        if (kept_->key && kept_->key->id == key.id && kept_->key->session_token == key.session_token)
            kept_->key.reset();
    }

private:
    Client& client_;
    std::shared_ptr<Kept> kept_;

    // The fetch that another caller began may have ended since `key()` looked.
    void join(const Delivery<Fetched>& deliver)
    {
        std::optional<AccessKey> valid;
        bool first = false;
        {
            const std::lock_guard lock(kept_->mutex);
            if (kept_->valid(kept_->clock.now_ms())) {
                valid = kept_->key;
            } else {
                kept_->waiting.push_back(deliver);
                first = !std::exchange(kept_->fetching, true);
            }
        }
        if (valid)
            deliver(std::move(*valid));
        else if (first)
            begin_fetch();
    }

    void begin_fetch()
    {
        if (!client_.run_apart(fetch(kept_)))
            kept_->end_fetch(std::unexpected(NoCredentials{.reason = "the client is ending"}));
    }
};

} // namespace

std::unique_ptr<Credentials> kept_credentials(Client& client, Clock& clock, KeySource source)
{
    return std::make_unique<KeptCredentials>(client, clock, std::move(source));
}

} // namespace estante::aws
