#include "processors/figures/daily_search_counts.hpp"

#include "processors/lake/summary_object.hpp"
#include "records/summaries.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace estante {

namespace {

using TenantDay = std::pair<TenantId, Day>;

class DailySearchCounts : public BusinessMetrics {
public:
    DailySearchCounts(AllItems items, ObjectStore& lake, IdGenerator& ids) : items_(items), lake_(lake), ids_(ids) {}

    bool accepts(BusinessCounter counter) const override { return counter == BusinessCounter::search_queries; }

    Task<PublishResult> publish(std::vector<BusinessCount> counts) override
    {
        std::map<TenantDay, std::vector<BusinessCount>> days;
        for (BusinessCount& one : counts) {
            if (accepts(one.counter))
                days[{one.tenant, day_of(one.minute_ms)}].push_back(std::move(one));
        }
        PublishResult published;
        for (auto& [tenant_day, day_counts] : days) {
            const auto outcome = co_await add(tenant_day, day_counts, published.reason);
            if (outcome == Outcome::added)
                continue;
            auto& left = outcome == Outcome::not_added ? published.again : published.dropped;
            left.insert(left.end(), day_counts.begin(), day_counts.end());
        }
        co_return published;
    }

private:
    enum class Outcome { added, not_added, unknown };

    AllItems items_;
    ObjectStore& lake_;
    IdGenerator& ids_;

    // The write is conditional on the version that was read, so concurrent writers of the summary lose nothing.
    Task<Outcome> add(const TenantDay& tenant_day, const std::vector<BusinessCount>& counts, std::string& reason)
    {
        constexpr int max_attempts = 5;
        TenantItems items = items_.of(tenant_day.first);
        std::string last_error; // a lost race that a later attempt wins is no news
        for (int attempt = 0; attempt < max_attempts; ++attempt) {
            auto summary = co_await read_day_summary(items, tenant_day.second);
            if (!summary) {
                reason = summary.error().detail;
                co_return Outcome::not_added;
            }
            for (const BusinessCount& one : counts)
                summary->search_queries += static_cast<std::int64_t>(one.count);
            const std::vector<Action> actions{summary_put(*summary)};
            ++summary->version;
            const auto token = to_string(ids_.next());
            auto written = co_await items.transact(actions, token);
            if (!written && written.error().code == StoreError::Code::unavailable)
                written = co_await items.transact(actions, token);
            if (written) {
                const auto put = co_await put_summary_object(lake_, tenant_day.first, std::move(*summary));
                if (!put)
                    reason = put.error().detail.en;
                co_return Outcome::added;
            }
            last_error = fmt::format("{}: {}", tenant_day.first.value, written.error().detail);
            switch (written.error().code) {
            case StoreError::Code::condition_failed:
            case StoreError::Code::conflict:
                continue;
            case StoreError::Code::unavailable:
                reason = std::move(last_error);
                co_return Outcome::unknown;
            default:
                throw std::runtime_error(last_error);
            }
        }
        reason = std::move(last_error);
        co_return Outcome::not_added;
    }
};

} // namespace

std::unique_ptr<BusinessMetrics> create_daily_search_counts(AllItems items, ObjectStore& lake, IdGenerator& ids)
{
    return std::make_unique<DailySearchCounts>(items, lake, ids);
}

} // namespace estante
