#include "records/idempotency_records.hpp"

#include "records/item_attributes.hpp"

namespace estante {

namespace {

constexpr const char* sort_key = "IDEMPOTENCY";

} // namespace

Key idempotency_key(std::string_view owner, std::string_view key)
{
    return {std::string(sort_key) + "#" + encode_key_part(owner) + "#" + encode_key_part(key), sort_key};
}

Item to_item(const IdempotencyRecord& record)
{
    auto [pk, sk] = idempotency_key(record.owner, record.key);
    Item item{
        {"pk", pk},
        {"sk", sk},
        {"owner", record.owner},
        {"key", record.key},
        {"request_hash", record.request_hash},
        {"status", record.status},
        {"body", record.body},
        {"expires_at", record.expires_at_s},
    };
    if (record.location)
        item.emplace("location", *record.location);
    if (record.etag)
        item.emplace("etag", *record.etag);
    return item;
}

IdempotencyRecord idempotency_record_from(const Item& item)
{
    return {
        .owner = text_at(item, "owner"),
        .key = text_at(item, "key"),
        .request_hash = text_at(item, "request_hash"),
        .status = static_cast<int>(int_at(item, "status")),
        .body = text_at(item, "body"),
        .location = optional_text_at(item, "location"),
        .etag = optional_text_at(item, "etag"),
        .expires_at_s = int_at(item, "expires_at"),
    };
}

Task<StoreResult<std::optional<IdempotencyRecord>>> find_idempotency_record(TenantItems& items, Table table,
                                                                            std::string owner, std::string key)
{
    const auto item = co_await items.get(table, idempotency_key(owner, key));
    if (!item)
        co_return std::unexpected(item.error());
    if (!*item)
        co_return std::nullopt;
    co_return idempotency_record_from(**item);
}

} // namespace estante
