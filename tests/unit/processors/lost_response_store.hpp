// An item store that loses the response to its first transaction: the transaction is written, the caller gets an error.
#pragma once

#include "support/forwarding_store.hpp"

namespace estante {

class LostResponseStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override
    {
        auto done = co_await ForwardingStore::transact(std::move(actions), std::move(token));
        if (done && std::exchange(is_next_lost_, false))
            co_return std::unexpected(StoreError{.code = StoreError::Code::unavailable});
        co_return done;
    }

private:
    bool is_next_lost_ = true;
};

} // namespace estante
