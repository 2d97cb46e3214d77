#include "gateway/idempotency.hpp"

#include "codec/digest.hpp"
#include "records/idempotency_records.hpp"
#include "records/store_failure.hpp"

#include <algorithm>

namespace estante {

namespace {

constexpr std::int64_t lifetime_s = 24L * 3600;
constexpr std::size_t max_key_length = 128;

} // namespace

Result<std::optional<IdempotentRequest>> IdempotentRequest::from(const Exchange& exchange)
{
    const auto key = exchange.http.idempotency_key;
    if (key.empty())
        return std::nullopt;
    if (key.size() > max_key_length || !std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7F'; }))
        return invalid("Idempotency-Key", "bad_format", "debe tener de 1 a 128 caracteres ASCII visibles",
                       "must have 1 to 128 visible ASCII characters");
    std::string request(name_of(exchange.http.method));
    (((((request += '\n') += exchange.http.target) += '\n') += exchange.http.body) += exchange.http.upload_digest);
    IdempotentRequest idempotent;
    idempotent.owner_ = exchange.caller.is_user() ? exchange.caller.user.value : exchange.caller.guest.value;
    idempotent.key_ = key;
    idempotent.request_hash_ = hex(sha256(request));
    return idempotent;
}

Task<Result<std::optional<Reply>>> IdempotentRequest::find_reply(TenantItems& items, Table table) const
{
    const auto record = co_await find_idempotency_record(items, table, owner_, key_);
    if (!record)
        co_return store_failure(record.error());
    if (!*record)
        co_return std::nullopt;
    if ((*record)->request_hash != request_hash_)
        co_return failure(Errc::idempotency_mismatch,
                          "Esta Idempotency-Key ya se usó con otra petición. Use una nueva.",
                          "This Idempotency-Key was used for another request. Use a new one.");
    Reply reply;
    reply.status = (*record)->status;
    reply.body = (*record)->body;
    reply.etag = (*record)->etag.value_or("");
    reply.location = (*record)->location.value_or("");
    reply.replayed = true;
    co_return std::optional(std::move(reply));
}

Item IdempotentRequest::to_item(const Reply& reply, std::int64_t now_ms) const
{
    IdempotencyRecord record{.owner = owner_,
                             .key = key_,
                             .request_hash = request_hash_,
                             .status = reply.status,
                             .body = reply.body,
                             .location = {},
                             .etag = {},
                             .expires_at_s = now_ms / 1000 + lifetime_s};
    if (!reply.location.empty())
        record.location = reply.location;
    if (!reply.etag.empty())
        record.etag = reply.etag;
    return estante::to_item(record);
}

} // namespace estante
