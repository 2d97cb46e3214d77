// The memory of Idempotency-Key: one record a key and caller, written in the transaction of the effect that it guards.
#pragma once

#include "gateway/exchange.hpp"

#include <optional>
#include <string>

namespace estante {

class Idempotency {
public:
    // Nothing when the request has no key; `invalid` for a key that is not 1 to 128 visible ASCII characters.
    static Result<std::optional<Idempotency>> of(const Exchange& exchange);

    // The answer that was given under this key: nothing when there is none, `idempotency_mismatch` when the key was
    // used for another request.
    Task<Result<std::optional<Reply>>> earlier(TenantItems& items, Table table) const;

    // The record, tenant-relative, which remembers a success for 24 hours.
    Item record(const Reply& reply, std::int64_t now_ms) const;

private:
    std::string owner_;
    std::string key_;
    std::string request_hash_;
};

} // namespace estante
