// Exactly-once effects per Idempotency-Key. The gateway makes the guard from the key, a hash of the request and an
// encoder of the reply, after it has found no record under the key. The operation adds the record to its own
// transaction, so the effect and the record commit together. Of two concurrent requests with one key the second fails
// on the record; the gateway then replays the reply of the first, whatever error the second ended with.
#pragma once

#include "ports/item_store.hpp"
#include "records/store_failure.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace estante {

template <class Response> class IdempotencyGuard {
public:
    // The whole record, tenant-relative.
    using Encode = std::function<Item(const Response&)>;

    IdempotencyGuard() = default; // of a request without a key: nothing is recorded
    explicit IdempotencyGuard(Encode encode) : encode_(std::move(encode)) {}

    // Adds the record of this response to the transaction. Returns the added action, or nullptr without a key.
    Put* add_record_to(std::vector<Action>& actions, Table table, const Response& response)
    {
        if (!encode_)
            return nullptr;
        record_index_ = actions.size();
        return &std::get<Put>(
            actions.emplace_back(Put{.table = table, .item = encode_(response), .conditions = {Absent{}}}));
    }

    // Whether the last transaction failed because the record exists: another request with this key has committed. To
    // try again is then useless; the operation ends with write_conflict(), and the gateway replays the other's reply.
    bool is_recorded_by_another(const StoreError& error) const
    {
        return record_index_ && failed_action(error, *record_index_);
    }

private:
    Encode encode_;
    std::optional<std::size_t> record_index_; // in the actions of the last transaction
};

} // namespace estante
