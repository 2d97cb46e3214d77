#include "adapters/memory/memory_live_sales_hub.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace estante {

namespace asio = boost::asio;

namespace {

class MemoryWatch;

// The watches of each shop. Watches may outlive the adapter, so they share this.
struct Watches {
    LiveLimits limits;
    std::function<void()> on_first;
    std::mutex mutex{};
    std::multimap<std::string, MemoryWatch*> by_shop{};
    std::atomic<std::size_t> count = 0;
};

class MemoryWatch final : public SalesWatch {
public:
    MemoryWatch(std::shared_ptr<Watches> watches, const std::string& tenant) : watches_(std::move(watches))
    {
        position_ = watches_->by_shop.emplace(tenant, this); // the caller holds the lock
        watches_->count = watches_->by_shop.size();
    }
    MemoryWatch(const MemoryWatch&) = delete;
    MemoryWatch& operator=(const MemoryWatch&) = delete;
    ~MemoryWatch() override
    {
        const std::lock_guard lock(watches_->mutex);
        watches_->by_shop.erase(position_);
        watches_->count = watches_->by_shop.size();
    }

    Task<std::vector<LiveEvent>> next(std::chrono::milliseconds wait) override
    {
        auto events = take_events();
        if (!events.empty())
            co_return events;
        const auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, wait);
        if (start_wait(timer)) {
            boost::system::error_code woken;
            co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, woken));
        }
        co_return take_events();
    }

    // The caller holds the lock.
    void add(LiveEvent event)
    {
        if (events_.size() >= watches_->limits.max_events_per_watch) {
            events_.clear();
            events_.push_back({.kind = LiveEvent::Kind::missed});
        }
        events_.push_back(std::move(event));
        // The loop runs this after the wait has started, so it cannot be too early.
        if (const auto timer = std::exchange(timer_, nullptr))
            asio::post(timer->get_executor(), [timer] { timer->cancel(); });
    }

private:
    std::shared_ptr<Watches> watches_;
    std::multimap<std::string, MemoryWatch*>::iterator position_;
    std::deque<LiveEvent> events_;
    std::shared_ptr<asio::steady_timer> timer_; // set during a wait

    std::vector<LiveEvent> take_events()
    {
        const std::lock_guard lock(watches_->mutex);
        timer_ = nullptr;
        std::vector<LiveEvent> events(std::move_iterator(events_.begin()), std::move_iterator(events_.end()));
        events_.clear();
        return events;
    }
    // Returns false if an event has come in the meantime.
    bool start_wait(std::shared_ptr<asio::steady_timer> timer)
    {
        const std::lock_guard lock(watches_->mutex);
        if (!events_.empty())
            return false;
        timer_ = std::move(timer);
        return true;
    }
};

class MemoryLiveSales final : public LiveSalesHub {
public:
    MemoryLiveSales(LiveLimits limits, std::function<void()> on_first)
        : watches_(std::make_shared<Watches>(limits, std::move(on_first)))
    {
    }

    Result<std::unique_ptr<SalesWatch>> watch(const TenantId& tenant) override
    {
        std::unique_lock lock(watches_->mutex);
        if (watches_->by_shop.count(tenant.value) >= watches_->limits.max_watches_per_shop)
            return refused(
                Errc::rate_limited,
                {fmt::format("Esta tienda ya tiene {} conexiones a ventas en directo, que es el límite: cierre "
                             "alguna, o use «?since=».",
                             watches_->limits.max_watches_per_shop),
                 fmt::format("This shop already has {} connections to live sales, which is the limit: close "
                             "one, or use “?since=”.",
                             watches_->limits.max_watches_per_shop)});
        if (watches_->by_shop.size() >= watches_->limits.max_watches)
            return refused(
                Errc::unavailable,
                {fmt::format("El servidor ya tiene {} conexiones a ventas en directo, que es el límite: inténtelo "
                             "más tarde, o use «?since=».",
                             watches_->limits.max_watches),
                 fmt::format("The server already has {} connections to live sales, which is the limit: try again "
                             "later, or use “?since=”.",
                             watches_->limits.max_watches)});
        const bool first = watches_->by_shop.empty();
        auto watch = std::make_unique<MemoryWatch>(watches_, tenant.value);
        lock.unlock();
        if (first && watches_->on_first)
            watches_->on_first();
        return watch;
    }

    bool is_watched() const override { return watches_->count > 0; }

    void publish(const TenantId& tenant, LiveEvent event) override
    {
        const std::lock_guard lock(watches_->mutex);
        const auto [begin, end] = watches_->by_shop.equal_range(tenant.value);
        for (auto entry = begin; entry != end; ++entry)
            entry->second->add(event);
    }

    void publish_feed_started() override
    {
        const std::lock_guard lock(watches_->mutex);
        for (const auto& [tenant, watch] : watches_->by_shop)
            watch->add({.kind = LiveEvent::Kind::feed_started});
    }

private:
    std::shared_ptr<Watches> watches_;

    static std::unexpected<Error> refused(Errc code, Phrase detail)
    {
        constexpr int retry_after_s = 30;
        Error error{.code = code, .detail = std::move(detail)};
        error.retry_after_s = retry_after_s;
        return std::unexpected(std::move(error));
    }
};

} // namespace

std::unique_ptr<LiveSalesHub> create_memory_live_sales_hub(LiveLimits limits, std::function<void()> on_first)
{
    return std::make_unique<MemoryLiveSales>(limits, std::move(on_first));
}

} // namespace estante
