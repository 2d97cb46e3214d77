#include "processors/figures/search_counts.hpp"

#include "processors/lake/summary_object.hpp"
#include "records/summaries.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace estante {

namespace {

using ShopDay = std::pair<TenantId, Day>;

class SummarySearches : public BusinessMetrics {
public:
    SummarySearches(AllItems items, ObjectStore& lake, IdGenerator& ids) : items_(items), lake_(lake), ids_(ids) {}

    bool takes(BusinessCounter counter) const override { return counter == BusinessCounter::search_queries; }

    Task<PublishResult> publish(std::vector<BusinessCount> counts) override
    {
        std::map<ShopDay, std::vector<BusinessCount>> days;
        for (BusinessCount& one : counts) {
            if (takes(one.counter))
                days[{one.tenant, day_of(one.minute_ms)}].push_back(std::move(one));
        }
        PublishResult published;
        for (auto& [place, of_day] : days) {
            const auto outcome = co_await add(place, of_day, published.reason);
            if (outcome == Outcome::added)
                continue;
            auto& kept = outcome == Outcome::not_added ? published.again : published.dropped;
            kept.insert(kept.end(), of_day.begin(), of_day.end());
        }
        co_return published;
    }

private:
    enum class Outcome { added, not_added, unknown };

    AllItems items_;
    ObjectStore& lake_;
    IdGenerator& ids_;

    // The summary is written over the state that it was made from, so whoever else counts on it meanwhile loses
    // nothing: the slower one reads it again.
    Task<Outcome> add(const ShopDay& place, const std::vector<BusinessCount>& counts, std::string& reason)
    {
        constexpr int readings = 5;
        TenantItems items = items_.of(place.first);
        for (int reading = 0; reading < readings; ++reading) {
            auto summary = co_await read_day_summary(items, place.second);
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
                const auto put = co_await put_summary_object(lake_, place.first, std::move(*summary));
                if (!put)
                    reason = put.error().detail.en;
                co_return Outcome::added;
            }
            reason = fmt::format("{}: {}", place.first.value, written.error().detail);
            switch (written.error().code) {
            case StoreError::Code::condition_failed:
            case StoreError::Code::conflict:
                continue;
            case StoreError::Code::unavailable:
                co_return Outcome::unknown;
            default:
                throw std::runtime_error(reason);
            }
        }
        co_return Outcome::not_added;
    }
};

} // namespace

std::unique_ptr<BusinessMetrics> create_summary_searches(AllItems items, ObjectStore& lake, IdGenerator& ids)
{
    return std::make_unique<SummarySearches>(items, lake, ids);
}

} // namespace estante
