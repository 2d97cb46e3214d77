// Where counts of business go to be drawn and alarmed on.
#pragma once

#include "ports/business_counters.hpp"
#include "runtime/task.hpp"

#include <string>
#include <vector>

namespace estante {

struct Published {
    std::vector<BusinessCount> again{};   // certainly not taken in: they may be handed over once more
    std::vector<BusinessCount> dropped{}; // refused for good, or it is not known whether they were taken in
    std::string reason{};                 // English, for a log line; empty when all were taken in
};

class BusinessMetrics {
public:
    virtual ~BusinessMetrics() = default;

    // Whether counts of this counter are of use here; others are passed by.
    virtual bool takes(BusinessCounter) const { return true; }
    // Any number. No count is taken in twice: what may have been is not asked for again.
    virtual Task<Published> publish(std::vector<BusinessCount> counts) = 0;
};

} // namespace estante
