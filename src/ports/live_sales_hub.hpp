// Live sales: fed from the change stream, watched by managers. Any thread.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/sales_watch.hpp"

#include <memory>

namespace estante {

class LiveSalesHub {
public:
    virtual ~LiveSalesHub() = default;

    // The watch gets every sale that is committed after this call, or an event `feed_started` or `events_lost` after
    // it. Errors: rate_limited (too many watches of this shop), unavailable (too many watches in total).
    virtual Result<std::unique_ptr<SalesWatch>> watch(const TenantId& tenant) = 0;

    // For the publisher. It need not read the change stream without a watch.
    virtual bool is_watched() const = 0;
    virtual void publish(const TenantId& tenant, LiveEvent event) = 0;
    // Sends `feed_started` to every watch.
    virtual void publish_feed_started() = 0;
};

} // namespace estante
