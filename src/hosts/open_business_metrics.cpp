#include "hosts/open_business_metrics.hpp"

#include "adapters/cloudwatch/cloudwatch_metrics.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

std::unique_ptr<BusinessMetrics> open_business_metrics(const Settings& settings, SharedAws& aws, Clock& clock)
{
    const auto& target = settings.text("business-metrics");
    if (target == "off")
        return nullptr;
    if (target != "cloudwatch")
        throw std::runtime_error(fmt::format("business-metrics must be off or cloudwatch, is '{}'", target));
    aws::Context& context = aws.context();
    return create_cloudwatch_metrics(context.client(), clock, context.credentials(),
                                     {.region = context.region(), .endpoint = context.endpoint("cloudwatch")});
}

} // namespace estante
