#include "hosts/business_metrics.hpp"

#include "adapters/cloudwatch/cloudwatch_metrics.hpp"
#include "hosts/stores.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

// What the adapter needs to live as long as it does.
struct CloudwatchHome {
    AwsHome aws;
    std::unique_ptr<BusinessMetrics> metrics;

    CloudwatchHome(const Settings& settings, Clock& clock, Random& random)
        : aws(settings, clock, random),
          metrics(
              create_cloudwatch_metrics(aws.client, clock, aws.credentials,
                                        {.region = aws.region, .endpoint = AwsHome::endpoint(settings, "cloudwatch")}))
    {
    }
};

} // namespace

std::shared_ptr<BusinessMetrics> open_business_metrics(const Settings& settings, Clock& clock, Random& random)
{
    const auto& place = settings.text("business-metrics");
    if (place == "off")
        return nullptr;
    if (place != "cloudwatch")
        throw std::runtime_error(fmt::format("business-metrics must be off or cloudwatch, is '{}'", place));
    const auto home = std::make_shared<CloudwatchHome>(settings, clock, random);
    return {home, home->metrics.get()};
}

} // namespace estante
