// Where the business counters go beside the daily summaries, by the setting business-metrics.
#pragma once

#include "hosts/settings.hpp"
#include "ports/business_metrics.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

#include <memory>

namespace estante {

// None with the setting off. Clock and random source outlive it. Throws std::runtime_error with one line.
std::shared_ptr<BusinessMetrics> open_business_metrics(const Settings& settings, Clock& clock, Random& random);

} // namespace estante
