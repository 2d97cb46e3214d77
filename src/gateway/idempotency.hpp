// Idempotency-Key: one record for each key and caller, written in the transaction of the operation that it makes
// idempotent.
#pragma once

#include "gateway/exchange.hpp"

#include <optional>
#include <string>
#include <utility>

namespace estante {

// A request that was sent with an Idempotency-Key.
class IdempotentRequest {
public:
    // Nothing when the request has no key. Errors: invalid, for a key that is not 1 to 128 visible ASCII characters.
    static Result<std::optional<IdempotentRequest>> from(const Exchange& exchange);

    // The reply that is recorded under this key, or nothing. Errors: idempotency_mismatch, when the key was used for
    // another request.
    Task<Result<std::optional<Reply>>> find_reply(TenantItems& items, Table table) const;

    // The record of this reply, tenant-relative. It expires after 24 hours.
    Item to_item(const Reply& reply, std::int64_t now_ms) const;

    // Runs the operation unless a reply is recorded. Of two concurrent requests with one key the second fails on the
    // record of the first, on whichever condition of its transaction comes first: so after any failure the record is
    // read again, and if it is there, its reply is returned.
    template <class Run> Task<Result<Reply>> run_once(TenantItems& items, Table table, Run run) const
    {
        if (auto earlier = co_await find_reply(items, table); !earlier || *earlier)
            co_return reply_from(std::move(earlier));
        auto reply = co_await run();
        if (!reply) {
            if (auto concurrent = co_await find_reply(items, table); concurrent && *concurrent)
                co_return reply_from(std::move(concurrent));
        }
        co_return reply;
    }

private:
    std::string owner_;
    std::string key_;
    std::string request_hash_;

    static Result<Reply> reply_from(Result<std::optional<Reply>> found)
    {
        if (!found)
            return std::unexpected(std::move(found.error()));
        return std::move(**found);
    }
};

} // namespace estante
