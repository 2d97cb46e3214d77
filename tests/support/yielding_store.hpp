// An item store whose calls first yield to the other coroutines of the executor, so that all of them are between their
// reads and their writes at the same time.
#pragma once

#include "support/forwarding_store.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace estante {

class YieldingStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

private:
    Task<void> before_each_read() override { co_await boost::asio::post(boost::asio::use_awaitable); }
    Task<StoreResult<void>> before_each_write() override
    {
        co_await before_each_read();
        co_return StoreResult<void>();
    }
};

} // namespace estante
