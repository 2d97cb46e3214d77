// Business counts in CloudWatch: on moto, and with a server that fails.
#include "adapters/aws/providers.hpp"
#include "adapters/aws/signature.hpp"
#include "adapters/cloudwatch/cloudwatch_metrics.hpp"
#include "adapters/system/system.hpp"
#include "codec/timestamp.hpp"
#include "support/fault_server.hpp"
#include "support/run.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

namespace estante {

namespace {

constexpr std::int64_t minute_ms = 60'000;

class Cloudwatch : public testing::Test {
protected:
    std::unique_ptr<Clock> clock_ = create_system_clock();
    std::unique_ptr<Random> random_ = create_system_random();
    std::unique_ptr<IdGenerator> ids_ = create_ids(*clock_, *random_);
    aws::Client client_{*clock_,
                        *random_,
                        {.response_timeout = std::chrono::milliseconds(5'000),
                         .backoff_base = std::chrono::milliseconds(1),
                         .backoff_cap = std::chrono::milliseconds(4)}};
    std::shared_ptr<aws::CredentialsProvider> credentials_ = aws::static_credentials({.id = "test", .secret = "test"});
    std::int64_t now_ms_ = clock_->now_ms() / minute_ms * minute_ms;

    std::unique_ptr<BusinessMetrics> metrics(const std::string& url)
    {
        return create_cloudwatch_metrics(client_, *clock_, credentials_, {.region = "eu-central-1", .endpoint = url});
    }
    BusinessCount searches(std::string tenant, std::uint64_t count)
    {
        return {{std::move(tenant)}, BusinessCounter::search_queries, now_ms_, count};
    }
    std::vector<BusinessCount> many(std::size_t size)
    {
        std::vector<BusinessCount> counts;
        for (std::size_t i = 0; i < size; ++i)
            counts.push_back(searches(fmt::format("shop-{}", i), i + 1));
        return counts;
    }
};

class CloudwatchOnMoto : public Cloudwatch {
protected:
    std::string url_;

    void SetUp() override
    {
        if (const char* url = std::getenv("ESTANTE_TEST_MOTO")) // NOLINT(concurrency-mt-unsafe): before any thread
            url_ = url;
        else
            GTEST_SKIP() << "moto does not run (ESTANTE_TEST_MOTO)";
    }
    // The XML response with the sum of the current hour.
    std::string metric_sums(const std::string& metric, const std::string& tenant)
    {
        const auto time = [](std::int64_t ms) { return to_string(Timestamp{ms}); };
        const auto response =
            run(client_.call(aws::service_at("monitoring", "eu-central-1", url_), *credentials_,
                             {.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                              .body = aws::canonical_query({{"Action", "GetMetricStatistics"},
                                                            {"Version", "2010-08-01"},
                                                            {"Namespace", "Bookstore/Business"},
                                                            {"MetricName", metric},
                                                            {"Dimensions.member.1.Name", "TenantId"},
                                                            {"Dimensions.member.1.Value", tenant},
                                                            {"StartTime", time(now_ms_ - 30 * minute_ms)},
                                                            {"EndTime", time(now_ms_ + 30 * minute_ms)},
                                                            {"Period", "3600"},
                                                            {"Statistics.member.1", "Sum"}})}));
        EXPECT_TRUE(response) << response.error().message;
        return response ? response->body : "";
    }
    std::string new_tenant()
    {
        auto id = to_string(ids_->next());
        std::ranges::transform(id, id.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
        return id;
    }
};

TEST_F(CloudwatchOnMoto, CountsAddUpPerTenantAndMetric)
{
    const auto tenant = new_tenant();
    const auto other = new_tenant();
    const auto metrics_on_moto = metrics(url_);
    const auto first = run(metrics_on_moto->publish({searches(tenant, 3),
                                                     {{tenant}, BusinessCounter::book_purchases, now_ms_, 7},
                                                     {{tenant}, BusinessCounter::new_user_registrations, now_ms_, 1},
                                                     searches(other, 100)}));
    EXPECT_EQ(first.reason, "");
    EXPECT_EQ(run(metrics_on_moto->publish({searches(tenant, 2)})).reason, "");

    EXPECT_NE(metric_sums("SearchQueries", tenant).find("<Sum>5.0</Sum>"), std::string::npos)
        << metric_sums("SearchQueries", tenant);
    EXPECT_NE(metric_sums("BookPurchases", tenant).find("<Sum>7.0</Sum>"), std::string::npos);
    EXPECT_NE(metric_sums("NewUserRegistrations", tenant).find("<Sum>1.0</Sum>"), std::string::npos);
    EXPECT_NE(metric_sums("SearchQueries", tenant).find("<Unit>Count</Unit>"), std::string::npos);
    EXPECT_EQ(metric_sums("SearchQueries", new_tenant()).find("<Sum>"), std::string::npos) << "a tenant without counts";
}

TEST_F(Cloudwatch, CountsBeyondTheLimitAreSentInSeveralRequests)
{
    FaultServer server;
    server.otherwise(fault::xml(200, "<PutMetricDataResponse/>"));
    EXPECT_EQ(run(metrics(server.url())->publish(many(1'001))).reason, "");
    const auto seen = server.seen();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_NE(seen[0].body.find("MetricData.member.1000.Dimensions.member.1.Value=shop-999&"), std::string::npos);
    EXPECT_EQ(seen[0].body.find("MetricData.member.1001."), std::string::npos);
    EXPECT_NE(seen[1].body.find("MetricData.member.1.Dimensions.member.1.Value=shop-1000&"), std::string::npos);
    EXPECT_EQ(seen[1].body.find("MetricData.member.2."), std::string::npos);
}

TEST_F(Cloudwatch, CountsWithAnUnknownOutcomeAreDropped)
{
    FaultServer server;
    server.otherwise(fault::closed_unanswered());
    const auto published = run(metrics(server.url())->publish({searches("acme", 3)}));
    EXPECT_EQ(published.dropped, std::vector{searches("acme", 3)});
    EXPECT_TRUE(published.again.empty());
    EXPECT_EQ(server.seen().size(), 1U);
}

TEST_F(Cloudwatch, ThrottledCountsAndAllAfterThemMayBeSentAgain)
{
    FaultServer server;
    server.otherwise(fault::throttled());
    const auto counts = many(1'500);
    const auto published = run(metrics(server.url())->publish(counts));
    EXPECT_EQ(published.again, counts);
    EXPECT_TRUE(published.dropped.empty());
    EXPECT_NE(published.reason.find("Throttling"), std::string::npos) << published.reason;
}

TEST_F(Cloudwatch, RejectedCountsAreDroppedAndTheRestIsSent)
{
    FaultServer server;
    server.next(fault::error(400, "InvalidParameterValue"));
    server.otherwise(fault::xml(200, "<PutMetricDataResponse/>"));
    const auto counts = many(1'500);
    const auto published = run(metrics(server.url())->publish(counts));
    EXPECT_EQ(published.dropped, std::vector(counts.begin(), counts.begin() + 1'000));
    EXPECT_TRUE(published.again.empty());
    EXPECT_EQ(server.seen().size(), 2U);
}

TEST_F(Cloudwatch, CountsOutOfRangeAreDroppedWithoutTheOthers)
{
    FaultServer server;
    server.otherwise(fault::xml(200, "<PutMetricDataResponse/>"));
    auto old = searches("acme", 3);
    old.minute_ms -= 14LL * 24 * 60 * minute_ms;
    auto ahead = searches("acme", 4);
    ahead.minute_ms += 121 * minute_ms;
    auto last_week = searches("acme", 5);
    last_week.minute_ms -= 7LL * 24 * 60 * minute_ms;
    const auto published = run(metrics(server.url())->publish({old, last_week, ahead}));
    EXPECT_EQ(published.dropped, (std::vector{old, ahead}));
    EXPECT_TRUE(published.again.empty());
    EXPECT_TRUE(published.reason.contains("two weeks ago")) << published.reason;
    ASSERT_EQ(server.seen().size(), 1U);
    EXPECT_TRUE(server.seen()[0].body.contains("MetricData.member.1.Value=5"));
    EXPECT_FALSE(server.seen()[0].body.contains("MetricData.member.2.")) << server.seen()[0].body;
}

TEST_F(Cloudwatch, CountsMayBeSentAgainWithoutAServer)
{
    const auto published = run(metrics("http://127.0.0.1:1")->publish({searches("acme", 3)}));
    EXPECT_EQ(published.again, std::vector{searches("acme", 3)});
    EXPECT_FALSE(published.reason.empty());
}

} // namespace

} // namespace estante
