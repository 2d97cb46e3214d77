#include "adapters/search/embedded_search.hpp"

#include "adapters/search/facet_counts.hpp"
#include "adapters/search/index_cache.hpp"
#include "adapters/search/index_check.hpp"
#include "adapters/search/searcher.hpp"
#include "runtime/offload.hpp"
#include "runtime/thread_priority.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace estante::search {
namespace {

// Runs the background merges of all indexes, one at a time.
class Merger {
public:
    explicit Merger(IndexCache& indexes)
        : indexes_(indexes), thread_([this](const std::stop_token& stop) { run(stop); })
    {
    }

    void enqueue(const std::shared_ptr<EvictableIndex>& shop)
    {
        if (shop->merge_queued.exchange(true))
            return;
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(shop);
        }
        queue_changed_.notify_one();
    }

private:
    void run(const std::stop_token& stop)
    {
        lower_thread_priority();
        for (;;) {
            std::unique_lock lock(mutex_);
            if (!queue_changed_.wait(lock, stop, [this] { return !queue_.empty(); }))
                return;
            const auto shop = std::exchange(queue_.front(), {}).lock();
            queue_.pop_front();
            lock.unlock();
            if (shop != nullptr)
                merge(*shop, stop);
        }
    }

    // An index that was evicted meanwhile is merged after its next change.
    void merge(EvictableIndex& shop, const std::stop_token& stop)
    {
        shop.merge_queued = false;
        if (shop.index_in_memory() == nullptr)
            return;
        try {
            const EvictableIndex::Pin index(shop);
            while (!stop.stop_requested() && index->run_background_merge()) {
            }
        } catch (const std::system_error&) {
            return; // evicted, and its files cannot be read now
        }
        indexes_.record_use(shop, true);
    }

    IndexCache& indexes_;
    std::mutex mutex_;
    std::condition_variable_any queue_changed_;
    std::deque<std::weak_ptr<EvictableIndex>> queue_;
    std::jthread thread_; // declared last, because it uses the members above
};

std::unexpected<Error> index_unavailable(const TenantId& tenant, std::string_view cause)
{
    auto error =
        failure(Errc::unavailable, "El índice de búsqueda de " + tenant.value + " no se puede leer ahora: reintente.",
                "The search index of " + tenant.value + " cannot be read now (" + std::string(cause) + "): try again.");
    error.error().retry_after_s = 1;
    return error;
}

class Embedded final : public EmbeddedSearch {
public:
    explicit Embedded(EmbeddedSearchOptions options)
        : loading_(options.folder ? std::make_unique<boost::asio::thread_pool>(loading_threads) : nullptr),
          indexes_(collation_, options.limits, std::move(options.folder), options.memory_bytes,
                   std::move(options.report)),
          merger_(indexes_)
    {
    }

    Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) override
    {
        const auto snapshot = co_await snapshot_of(tenant);
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
        co_return search_snapshot(**snapshot, query, collation_);
    }

    Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) override
    {
        const auto snapshot = co_await snapshot_of(tenant);
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
        co_return suggest_titles(**snapshot, prefix, limit);
    }

    Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) override
    {
        const auto snapshot = co_await snapshot_of(tenant);
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
        co_return count_categories(**snapshot);
    }

    Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) override
    {
        co_return change(tenant, [&changes](TenantIndex& index) { index.apply(std::move(changes)); });
    }

    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        co_return change(tenant, [&documents](TenantIndex& index) { index.rebuild(std::move(documents)); });
    }

    Task<Result<void>> drop(TenantId tenant) override
    {
        indexes_.drop(tenant.value);
        co_return Result<void>{};
    }

    Task<Result<bool>> has_saved_index(TenantId tenant) override
    {
        const auto saved = indexes_.checkpoint();
        const auto shop = saved ? indexes_.find(tenant.value) : nullptr;
        if (shop == nullptr)
            co_return false;
        if (shop->has_files_up_to(saved->save))
            co_return true;
        shop->require_rebuild();
        co_return false;
    }

    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        const auto snapshot = co_await snapshot_of(tenant);
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
        co_return list_book_ids(**snapshot, after, limit);
    }

    Task<Result<std::vector<IndexStatus>>> check(TenantId tenant, std::vector<IndexChange> wanted) override
    {
        const auto snapshot = co_await snapshot_of(tenant);
        if (!snapshot)
            co_return std::unexpected(snapshot.error());
        co_return check_books(**snapshot, wanted, collation_);
    }

    ~Embedded() override
    {
        if (loading_)
            loading_->join();
    }
    Embedded(const Embedded&) = delete;
    Embedded& operator=(const Embedded&) = delete;

    std::optional<IndexCheckpoint> checkpoint() const override { return indexes_.checkpoint(); }
    void recreate(std::string id, std::string position) override
    {
        indexes_.recreate(std::move(id), std::move(position));
    }
    void save(std::string position, std::int64_t now_ms) override { indexes_.save(position, now_ms); }
    bool is_saved() const override { return indexes_.are_saved(); }
    std::vector<TenantId> awaiting_rebuild() const override
    {
        std::vector<TenantId> tenants;
        for (auto& name : indexes_.awaiting_rebuild())
            tenants.push_back({std::move(name)});
        return tenants;
    }
    std::size_t memory_bytes() const override { return indexes_.memory_bytes(); }
    std::size_t shops_in_memory() const override { return indexes_.in_memory(); }

private:
    // An evicted index is loaded on another thread, because the caller may be an event loop.
    Task<Result<std::shared_ptr<const Snapshot>>> snapshot_of(TenantId tenant)
    {
        const auto shop = indexes_.find(tenant.value);
        if (shop == nullptr)
            co_return std::make_shared<const Snapshot>();
        auto index = shop->index_in_memory();
        try {
            if (index != nullptr) {
                indexes_.touch(*shop);
            } else {
                index = loading_ ? co_await offload<std::shared_ptr<TenantIndex>>(*loading_,
                                                                                  [shop] { return shop->index(); })
                                 : shop->index();
                indexes_.record_use(*shop, false);
            }
        } catch (const std::system_error& error) {
            co_return index_unavailable(tenant, error.code().message());
        }
        if (index->needs_rebuild())
            co_return index_unavailable(tenant, "it is being rebuilt");
        co_return index->snapshot();
    }

    template <class Change> Result<void> change(const TenantId& tenant, Change&& change)
    {
        const auto shop = indexes_.find_or_add(tenant.value);
        bool wants_merge = false;
        try {
            const EvictableIndex::Pin index(*shop);
            change(*index);
            wants_merge = index->wants_merge();
        } catch (const std::system_error& error) {
            return index_unavailable(tenant, error.code().message());
        }
        indexes_.record_use(*shop, true);
        if (wants_merge)
            merger_.enqueue(shop);
        return {};
    }

    static constexpr std::size_t loading_threads = 2;

    const analysis::TitleCollation collation_;
    std::unique_ptr<boost::asio::thread_pool> loading_; // with a folder
    IndexCache indexes_;
    Merger merger_;
};

} // namespace

std::unique_ptr<EmbeddedSearch> create_embedded_search(EmbeddedSearchOptions options)
{
    return std::make_unique<Embedded>(std::move(options));
}

std::unique_ptr<SearchIndex> create_search_index(TenantIndexLimits limits)
{
    return create_embedded_search({.limits = limits});
}

} // namespace estante::search
