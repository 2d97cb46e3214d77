#include "adapters/cloudwatch/cloudwatch_metrics.hpp"

#include "adapters/aws/signature.hpp"
#include "codec/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace estante {

namespace {

// A request may have 1,000 metrics and 1 MB. With names of 40 characters a metric has about 330 bytes.
constexpr std::size_t max_request_metrics = 1'000;

// Five minutes narrower than CloudWatch's limits, since sending takes time.
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t max_age_ms = (14 * 24 * 60 - 5) * minute_ms;
constexpr std::int64_t max_ahead_ms = (2 * 60 - 5) * minute_ms;

std::string put_metric_data_body(const std::string& name_space, std::span<const BusinessCount> counts)
{
    std::vector<std::pair<std::string, std::string>> parameters{
        {"Action", "PutMetricData"}, {"Version", "2010-08-01"}, {"Namespace", name_space}};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const BusinessCount& one = counts[i];
        const auto add = [&](std::string_view name, std::string value) {
            parameters.emplace_back(fmt::format("MetricData.member.{}.{}", i + 1, name), std::move(value));
        };
        add("MetricName", std::string(name_of(one.counter)));
        add("Dimensions.member.1.Name", "TenantId");
        add("Dimensions.member.1.Value", one.tenant.value);
        add("Timestamp", to_string(Timestamp{one.minute_ms}));
        add("Unit", "Count");
        add("Value", std::to_string(one.count));
    }
    return aws::canonical_query(parameters);
}

class CloudwatchMetrics : public BusinessMetrics {
public:
    CloudwatchMetrics(aws::Client& client, Clock& clock, std::shared_ptr<aws::CredentialsProvider> credentials,
                      CloudwatchOptions options)
        : client_(client),
          clock_(clock),
          credentials_(std::move(credentials)),
          service_(aws::service_at("monitoring", options.region, options.endpoint)),
          name_space_(std::move(options.name_space))
    {
    }

    Task<PublishResult> publish(std::vector<BusinessCount> counts) override
    {
        PublishResult published = drop_out_of_range(counts);
        const std::span all(counts);
        for (std::size_t begin = 0; begin < all.size(); begin += max_request_metrics) {
            const auto part = all.subspan(begin, std::min(max_request_metrics, all.size() - begin));
            const auto sent = co_await client_.call(
                service_, *credentials_,
                {.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                 .body = put_metric_data_body(name_space_, part),
                 .idempotent = false});
            if (sent)
                continue;
            const aws::Failure& failure = sent.error();
            published.reason = fmt::format("cloudwatch:PutMetricData: {} {}", failure.type, failure.message);
            const bool is_rejected = failure.kind == aws::Failure::Kind::rejected;
            if (is_rejected || failure.maybe_applied)
                published.dropped.insert(published.dropped.end(), part.begin(), part.end());
            else
                published.again.insert(published.again.end(), part.begin(), part.end());
            if (is_rejected)
                continue;
            const auto rest = all.subspan(begin + part.size()); // the same failure is likely
            published.again.insert(published.again.end(), rest.begin(), rest.end());
            break;
        }
        co_return published;
    }

private:
    aws::Client& client_;
    Clock& clock_;
    std::shared_ptr<aws::CredentialsProvider> credentials_;
    aws::Service service_;
    std::string name_space_;

    PublishResult drop_out_of_range(std::vector<BusinessCount>& counts) const
    {
        const auto now_ms = clock_.now_ms();
        PublishResult published;
        std::erase_if(counts, [&](const BusinessCount& one) {
            const bool is_accepted = now_ms - one.minute_ms <= max_age_ms && one.minute_ms - now_ms <= max_ahead_ms;
            if (!is_accepted)
                published.dropped.push_back(one);
            return !is_accepted;
        });
        if (!published.dropped.empty())
            published.reason = "CloudWatch accepts times from two weeks ago to two hours ahead";
        return published;
    }
};

} // namespace

std::unique_ptr<BusinessMetrics> create_cloudwatch_metrics(aws::Client& client, Clock& clock,
                                                           std::shared_ptr<aws::CredentialsProvider> credentials,
                                                           CloudwatchOptions options)
{
    return std::make_unique<CloudwatchMetrics>(client, clock, std::move(credentials), std::move(options));
}

} // namespace estante
