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

    // The watch gets every sale that is committed after this call, or an event `begun` or `missed` after it.
    // Errors: rate_limited (too many watches of this shop), unavailable (too many watches in total).
    virtual Result<std::unique_ptr<SalesWatch>> watch(const TenantId& tenant) = 0;

    // For the feed. Without a watch it need not read the stream.
    virtual bool is_watched() const = 0;
    virtual void publish(const TenantId& tenant, LiveEvent event) = 0;
    // Sends `begun` to every watch.
    virtual void publish_begun() = 0;
};

} // namespace estante
