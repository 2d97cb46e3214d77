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
    std::string endpoint{}; // empty: the public one
    std::string name_space = "Bookstore/Business";
};

// CloudWatch adds up what it is sent, and has no token that makes a repetition harmless: so a request whose outcome is
// unknown is not repeated, and its counts are dropped. It refuses a request with a time over two weeks ago or two hours
// ahead: counts of such a time are dropped without it. Client and clock outlive this. The role needs
// cloudwatch:PutMetricData.
std::unique_ptr<BusinessMetrics> create_cloudwatch_metrics(aws::Client& client, Clock& clock,
                                                           std::shared_ptr<aws::Credentials> credentials,
                                                           CloudwatchOptions options);

} // namespace estante
