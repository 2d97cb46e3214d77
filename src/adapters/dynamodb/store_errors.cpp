#include "adapters/dynamodb/store_errors.hpp"

#include "adapters/aws/json_api.hpp"
#include "adapters/dynamodb/attribute_values.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace estante::dynamodb {

namespace {

using Code = StoreError::Code;

// Why one action of a transaction was rejected. Code "None": it was not.
struct CancellationReason {
    std::string code;
    std::string message;
    std::optional<Item> item;
};

Map parse_body(const aws::Failure& failure)
{
    auto body = json::parse(failure.body, aws::max_response_depth);
    Map* const map = body ? std::get_if<Map>(&body->data) : nullptr;
    return map ? std::move(*map) : Map();
}

std::optional<Item> parse_item(const Map& response)
{
    const Map& item = map_in(response, "Item");
    return item.empty() ? std::nullopt : std::optional(item_from(item));
}

std::vector<CancellationReason> cancellation_reasons(const aws::Failure& failure)
{
    std::vector<CancellationReason> reasons;
    if (failure.type != "TransactionCanceledException")
        return reasons;
    const Map body = parse_body(failure);
    for (const Value& reason : list_in(body, "CancellationReasons")) {
        const Map* map = reason.if_map();
        reasons.push_back(map ? CancellationReason{.code = std::string(text_of(*map, "Code")),
                                                   .message = std::string(text_of(*map, "Message")),
                                                   .item = parse_item(*map)}
                              : CancellationReason{});
    }
    return reasons;
}

bool is_failed_condition(const CancellationReason& reason)
{
    return reason.code == "ConditionalCheckFailed";
}

bool is_rejected(const CancellationReason& reason)
{
    return !reason.code.empty() && reason.code != "None";
}

// ValidationException covers every rule. The port has a code of its own for the size of an item.
Code validation_code(std::string_view message)
{
    const bool size = message.find("tem size") != message.npos || message.find("size limit") != message.npos ||
                      message.find("ollection size") != message.npos;
    return size ? Code::too_large : Code::invalid;
}

StoreError error_from(const std::vector<CancellationReason>& reasons, const std::vector<std::size_t>& sent)
{
    StoreError error{.code = Code::condition_failed, .detail = "a condition failed"};
    for (std::size_t i = 0; i < reasons.size() && i < sent.size(); ++i) {
        if (is_failed_condition(reasons[i]))
            error.failed.push_back({.index = sent[i], .current = reasons[i].item});
    }
    if (!error.failed.empty())
        return error;
    const auto rejected = std::ranges::find_if(reasons, is_rejected);
    if (rejected == reasons.end())
        return {.code = Code::unavailable, .detail = "a transaction was cancelled without a reason"};
    error.detail = fmt::format("{}: {}", rejected->code, rejected->message);
    if (rejected->code == "TransactionConflict")
        error.code = Code::conflict;
    else if (rejected->code == "ValidationError")
        error.code = validation_code(rejected->message);
    else if (rejected->code == "ItemCollectionSizeLimitExceeded")
        error.code = Code::too_large;
    else
        error.code = Code::unavailable;
    return error;
}

} // namespace

StoreError store_error_from(const aws::Failure& failure, const std::vector<std::size_t>& sent)
{
    if (const auto reasons = cancellation_reasons(failure); !reasons.empty())
        return error_from(reasons, sent);
    StoreError error{.code = Code::unavailable,
                     .detail = fmt::format("{}{}{}", failure.type, failure.type.empty() ? "" : ": ", failure.message)};
    if (failure.kind != aws::Failure::Kind::rejected)
        return error;
    if (failure.type == "ConditionalCheckFailedException") {
        error.code = Code::condition_failed;
        error.failed.push_back({.index = sent.empty() ? 0 : sent.front(), .current = parse_item(parse_body(failure))});
    } else if (is_conflict(failure)) {
        error.code = Code::conflict;
    } else if (failure.type == "IdempotentParameterMismatchException") {
        error.code = Code::token_mismatch;
    } else if (failure.type == "ItemCollectionSizeLimitExceededException" || failure.status == 413) {
        error.code = Code::too_large;
    } else if (failure.type == "ValidationException" || failure.type == "SerializationException") {
        error.code = validation_code(failure.message);
    } else if (failure.type == "ResourceNotFoundException") {
        error.detail += " (do the tables exist? Run: estante tables create)";
    }
    return error;
}

bool is_conflict(const aws::Failure& failure)
{
    if (failure.type == "TransactionConflictException" || failure.type == "TransactionInProgressException")
        return true;
    return std::ranges::any_of(cancellation_reasons(failure),
                               [](const CancellationReason& r) { return r.code == "TransactionConflict"; });
}

bool is_throttled_transaction(const aws::Failure& failure)
{
    return std::ranges::any_of(cancellation_reasons(failure), [](const CancellationReason& r) {
        return r.code == "ThrottlingError" || r.code == "ProvisionedThroughputExceeded" ||
               r.code == "RequestLimitExceeded";
    });
}

} // namespace estante::dynamodb
