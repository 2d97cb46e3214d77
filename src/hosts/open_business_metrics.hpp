// Opens the metrics that business counters are sent to, beside the daily summaries.
#pragma once

#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/business_metrics.hpp"
#include "ports/clock.hpp"

#include <memory>

namespace estante {

// By the setting business-metrics; nothing when it is off. AWS context and clock outlive it. Throws std::runtime_error
// with one line.
std::unique_ptr<BusinessMetrics> open_business_metrics(const Settings& settings, SharedAws& aws, Clock& clock);

} // namespace estante
