// Business counts as CloudWatch metrics: namespace `Bookstore/Business`, one dimension, TenantId.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/business_metrics.hpp"
#include "ports/clock.hpp"

#include <memory>
#include <string>

namespace estante {

struct CloudwatchOptions {
    std::string region{};
    std::string endpoint{}; // empty: the public one of the region
    std::string name_space = "Bookstore/Business";
};

// CloudWatch adds up the values that it receives, and has no idempotency token. So a request with an unknown outcome is
// not retried, and its counts are dropped. CloudWatch rejects a request with a time more than two weeks ago or two
// hours ahead, so counts of such times are dropped before it is sent. Client and clock outlive the metrics. The role
// needs cloudwatch:PutMetricData.
std::unique_ptr<BusinessMetrics> create_cloudwatch_metrics(aws::Client& client, Clock& clock,
                                                           std::shared_ptr<aws::CredentialsProvider> credentials,
                                                           CloudwatchOptions options);

} // namespace estante
