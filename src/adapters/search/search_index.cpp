#include "adapters/search/search_index.hpp"

#include "adapters/search/matches.hpp"
#include "adapters/search/same_book.hpp"
#include "adapters/search/searcher.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <shared_mutex>
#include <stop_token>
#include <thread>
#include <unordered_map>
#include <utility>

namespace estante::search {
namespace {

// Runs the large merges of all shops, one after the other.
class Merger {
public:
    Merger() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

    void enqueue(std::weak_ptr<TenantIndex> index)
    {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(index));
        }
        wake_.notify_one();
    }

private:
    void run(const std::stop_token& stop)
    {
        for (;;) {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); }))
                return;
            const auto index = std::exchange(waiting_.front(), {}).lock();
            waiting_.pop_front();
            lock.unlock();
            while (index != nullptr && !stop.stop_requested() && index->merge_in_background()) {
            }
        }
    }

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<std::weak_ptr<TenantIndex>> waiting_;
    std::jthread thread_; // last, so that it ends before what it uses
};

class EmbeddedSearchIndex final : public SearchIndex {
public:
    explicit EmbeddedSearchIndex(const TenantIndexLimits& limits) : limits_(limits) {}

    Task<Result<SearchPage>> search(TenantId tenant, SearchQuery query) override
    {
        co_return search_snapshot(*snapshot_of(tenant), query, collation_);
    }

    Task<Result<std::vector<Suggestion>>> suggest(TenantId tenant, std::string prefix, std::size_t limit) override
    {
        co_return suggest_from(*snapshot_of(tenant), prefix, limit);
    }

    Task<Result<std::vector<FacetCount>>> categories(TenantId tenant) override
    {
        co_return count_categories(*snapshot_of(tenant));
    }

    Task<Result<void>> apply(TenantId tenant, std::vector<IndexChange> changes) override
    {
        const auto index = find_or_add(tenant);
        index->apply(std::move(changes));
        if (index->wants_merge())
            merger_.enqueue(index);
        co_return Result<void>{};
    }

    Task<Result<void>> rebuild(TenantId tenant, std::vector<SearchDocument> documents) override
    {
        const auto index = find_or_add(tenant);
        index->rebuild(std::move(documents));
        if (index->wants_merge())
            merger_.enqueue(index);
        co_return Result<void>{};
    }

    Task<Result<void>> drop(TenantId tenant) override
    {
        const std::unique_lock lock(mutex_);
        indexes_.erase(tenant.value);
        co_return Result<void>{};
    }

    Task<Result<std::vector<std::string>>> book_ids(TenantId tenant, std::string after, std::size_t limit) override
    {
        co_return live_ids(*snapshot_of(tenant), after, limit);
    }

    Task<Result<std::vector<Indexed>>> check(TenantId tenant, std::vector<IndexChange> wanted) override
    {
        co_return states_of(*snapshot_of(tenant), wanted, collation_);
    }

private:
    std::shared_ptr<TenantIndex> find(const TenantId& tenant) const
    {
        const std::shared_lock lock(mutex_);
        const auto found = indexes_.find(tenant.value);
        return found == indexes_.end() ? nullptr : found->second;
    }
    std::shared_ptr<TenantIndex> find_or_add(const TenantId& tenant)
    {
        if (auto index = find(tenant))
            return index;
        const std::unique_lock lock(mutex_);
        auto& index = indexes_[tenant.value];
        if (index == nullptr)
            index = std::make_shared<TenantIndex>(collation_, limits_);
        return index;
    }
    std::shared_ptr<const Snapshot> snapshot_of(const TenantId& tenant) const
    {
        const auto index = find(tenant);
        return index == nullptr ? std::make_shared<const Snapshot>() : index->snapshot();
    }

    const TenantIndexLimits limits_;
    const analysis::TitleCollation collation_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<TenantIndex>> indexes_; // by tenant
    Merger merger_;
};

} // namespace

std::unique_ptr<SearchIndex> create_search_index(TenantIndexLimits limits)
{
    return std::make_unique<EmbeddedSearchIndex>(limits);
}

} // namespace estante::search
