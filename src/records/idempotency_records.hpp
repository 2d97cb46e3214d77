// The response of a request with an Idempotency-Key: one item for each caller and key, in the table of its operation.
#pragma once

#include "ports/tenant_items.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct IdempotencyRecord {
    std::string owner{};        // the id of the user or guest
    std::string key{};          // as the caller sent it
    std::string request_hash{}; // SHA-256 in hex over method, target and body
    int status = 0;
    std::string body{};
    std::optional<std::string> location{};
    std::optional<std::string> etag{};
    std::int64_t expires_at_s = 0;
};

Key idempotency_key(std::string_view owner, std::string_view key);
Item to_item(const IdempotencyRecord& record);
IdempotencyRecord idempotency_record_from(const Item& item);

Task<StoreResult<std::optional<IdempotencyRecord>>> find_idempotency_record(TenantItems& items, Table table,
                                                                            std::string owner, std::string key);

} // namespace estante
