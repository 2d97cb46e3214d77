// The metrics service that receives business counts.
#pragma once

#include "ports/business_counters.hpp"
#include "runtime/task.hpp"

#include <string>
#include <vector>

namespace estante {

struct PublishResult {
    std::vector<BusinessCount> again{};   // certainly not received: the caller may publish them again
    std::vector<BusinessCount> dropped{}; // rejected, or it is unknown whether they were received
    std::string reason{};                 // English, for a log line; empty if all were received
};

class BusinessMetrics {
public:
    virtual ~BusinessMetrics() = default;

    // Whether this service uses the counter; the caller omits counts of others.
    virtual bool accepts(BusinessCounter) const { return true; }
    // Any number of counts. At most once: a count that may have been received is not returned for a retry.
    virtual Task<PublishResult> publish(std::vector<BusinessCount> counts) = 0;
};

} // namespace estante
