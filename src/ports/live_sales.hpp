// What happens in a shop's till, as it happens: fed from the change stream, watched by managers.
#pragma once

#include "domain/ids.hpp"
#include "domain/purchase.hpp"
#include "domain/result.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace estante {

struct LiveEvent {
    enum class Kind {
        sale,
        cancellation, // of a purchase, or its refund without one
        begun,        // the feed has begun: what was committed before is in the tables alone
        missed,       // events before this one were lost: what is in the tables has to be read again
    };
    Kind kind = Kind::sale;
    std::shared_ptr<const Purchase> purchase{}; // as it was committed; of the first two
};

// The events of one shop for one connection. It belongs to one event loop.
class SalesWatch {
public:
    virtual ~SalesWatch() = default;

    // What has happened since the last call, in the order of the commits; waits for it up to `wait`, then answers an
    // empty list.
    virtual Task<std::vector<LiveEvent>> next(std::chrono::milliseconds wait) = 0;
};

// Any thread.
class LiveSales {
public:
    virtual ~LiveSales() = default;

    // From now on: a sale that is committed after this call comes, or `begun` or `missed` do after it.
    // Errors: rate_limited (too many watch this shop), unavailable (too many watch in all).
    virtual Result<std::unique_ptr<SalesWatch>> watch(const TenantId& tenant) = 0;

    // For those who feed it. Whether anybody watches: otherwise the stream need not be read.
    virtual bool is_watched() const = 0;
    virtual void publish(const TenantId& tenant, LiveEvent event) = 0;
    // The feed has begun: to every watch there is.
    virtual void publish_begun() = 0;
};

} // namespace estante
