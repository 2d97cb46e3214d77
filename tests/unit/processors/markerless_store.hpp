// An item store that drops COUNTED markers, so that a processor counts repeated changes twice. The negative control of
// tests that nothing is counted twice.
#pragma once

#include "records/summaries.hpp"
#include "support/forwarding_store.hpp"

namespace estante {

class MarkerlessStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    Task<StoreResult<void>> transact(std::vector<Action> actions, std::string token) override
    {
        std::erase_if(actions, [](const Action& action) {
            const Put* put = std::get_if<Put>(&action);
            return put && is_counted_marker(put->table, key_of(put->item));
        });
        return ForwardingStore::transact(std::move(actions), std::move(token));
    }
};

} // namespace estante
