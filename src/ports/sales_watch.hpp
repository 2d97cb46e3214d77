// A manager's view of the live sales of one shop.
#pragma once

#include "domain/purchase.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace estante {

struct LiveEvent {
    enum class Kind {
        sale,
        cancellation, // or a refund without a cancellation before it
        feed_started, // the feed has started: earlier changes are only in the tables
        missed,       // events were lost: the tables must be read again
    };
    Kind kind = Kind::sale;
    std::shared_ptr<const Purchase> purchase{}; // as committed; of a sale or cancellation
};

// The events for one connection. Belongs to one event loop.
class SalesWatch {
public:
    virtual ~SalesWatch() = default;

    // The events since the last call, in commit order. Waits up to `wait` for one, then returns an empty list.
    virtual Task<std::vector<LiveEvent>> next(std::chrono::milliseconds wait) = 0;
};

} // namespace estante
