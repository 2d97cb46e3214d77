// An item store that loses the answer to one transaction: it was written although nobody heard of it.
#pragma once

#include "support/forwarding_store.hpp"

namespace estante {

class UnheardStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override
    {
        auto done = co_await ForwardingStore::transact(std::move(actions), std::move(token));
        if (done && std::exchange(unheard_, false))
            co_return std::unexpected(StoreError{.code = StoreError::Code::unavailable});
        co_return done;
    }

private:
    bool unheard_ = true;
};

} // namespace estante
