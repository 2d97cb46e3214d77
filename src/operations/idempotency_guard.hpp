// Exactly once per Idempotency-Key. The gateway makes a Once from the key, a hash of the request and the encoder of the
// answer, after it has looked for an earlier answer under the key; the operation adds its record to its own
// transaction, so the effect and the memory of it commit together. Of two in flight the second fails on the record; the
// gateway then reads it and replays the first, whatever error the second one ended with.
#pragma once

#include "ports/item_store.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace estante {

template <class Response> class IdempotencyGuard {
public:
    using Encode =
        std::function<Item(const Response&)>; // the record, tenant-relative, complete with key and expires_at

    IdempotencyGuard() = default; // the request has no key: nothing is remembered
    explicit IdempotencyGuard(Encode encode) : encode_(std::move(encode)) {}

    // Adds the record of this answer to the transaction, if the request has a key. Call it last, once per transaction.
    void add_record_to(std::vector<Action>& actions, Table table, const Response& response) const
    {
        if (encode_)
            actions.push_back(Put{.table = table, .item = encode_(response), .conditions = {Absent{}}});
    }

private:
    Encode encode_;
};

} // namespace estante
