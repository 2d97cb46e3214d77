#include "adapters/dynamodb/failures.hpp"

#include "adapters/aws/json_api.hpp"
#include "adapters/dynamodb/attribute_values.hpp"
#include "codec/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace estante::dynamodb {

namespace {

using Code = StoreError::Code;

// Why one action of a transaction was refused. "None": it was not.
struct Reason {
    std::string code;
    std::string message;
    std::optional<Item> item;
};

Map body_of(const aws::Failure& failure)
{
    auto body = json::parse(failure.body, aws::max_answer_depth);
    Map* const map = body ? std::get_if<Map>(&body->data) : nullptr;
    return map ? std::move(*map) : Map();
}

std::optional<Item> item_of(const Map& answer)
{
    const Map& item = map_in(answer, "Item");
    return item.empty() ? std::nullopt : std::optional(item_from(item));
}

std::vector<Reason> reasons_of(const aws::Failure& failure)
{
    std::vector<Reason> reasons;
    if (failure.type != "TransactionCanceledException")
        return reasons;
    const Map body = body_of(failure);
    for (const Value& reason : list_in(body, "CancellationReasons")) {
        const Map* map = reason.if_map();
        reasons.push_back(map ? Reason{.code = std::string(text_of(*map, "Code")),
                                       .message = std::string(text_of(*map, "Message")),
                                       .item = item_of(*map)}
                              : Reason{});
    }
    return reasons;
}

bool is_failed_condition(const Reason& reason)
{
    return reason.code == "ConditionalCheckFailed";
}

bool is_refused(const Reason& reason)
{
    return !reason.code.empty() && reason.code != "None";
}

// ValidationException is one type for every rule; an item's size is the one that the port tells apart.
Code code_of_validation(std::string_view message)
{
    const bool size = message.find("tem size") != message.npos || message.find("size limit") != message.npos ||
                      message.find("ollection size") != message.npos;
    return size ? Code::too_large : Code::invalid;
}

StoreError error_of_reasons(const std::vector<Reason>& reasons, const std::vector<std::size_t>& sent)
{
    StoreError error{.code = Code::condition_failed, .detail = "a condition did not hold"};
    for (std::size_t i = 0; i < reasons.size() && i < sent.size(); ++i) {
        if (is_failed_condition(reasons[i]))
            error.failed.push_back({.index = sent[i], .current = reasons[i].item});
    }
    if (!error.failed.empty())
        return error;
    const auto refused = std::ranges::find_if(reasons, is_refused);
    if (refused == reasons.end())
        return {.code = Code::unavailable, .detail = "a transaction was cancelled without a reason"};
    error.detail = fmt::format("{}: {}", refused->code, refused->message);
    if (refused->code == "TransactionConflict")
        error.code = Code::conflict;
    else if (refused->code == "ValidationError")
        error.code = code_of_validation(refused->message);
    else if (refused->code == "ItemCollectionSizeLimitExceeded")
        error.code = Code::too_large;
    else
        error.code = Code::unavailable;
    return error;
}

} // namespace

StoreError store_error_from(const aws::Failure& failure, const std::vector<std::size_t>& sent)
{
    if (const auto reasons = reasons_of(failure); !reasons.empty())
        return error_of_reasons(reasons, sent);
    StoreError error{.code = Code::unavailable,
                     .detail = fmt::format("{}{}{}", failure.type, failure.type.empty() ? "" : ": ", failure.message)};
    if (failure.kind != aws::Failure::Kind::refused)
        return error;
    if (failure.type == "ConditionalCheckFailedException") {
        error.code = Code::condition_failed;
        error.failed.push_back({.index = sent.empty() ? 0 : sent.front(), .current = item_of(body_of(failure))});
    } else if (is_conflict(failure)) {
        error.code = Code::conflict;
    } else if (failure.type == "IdempotentParameterMismatchException") {
        error.code = Code::token_mismatch;
    } else if (failure.type == "ItemCollectionSizeLimitExceededException" || failure.status == 413) {
        error.code = Code::too_large;
    } else if (failure.type == "ValidationException" || failure.type == "SerializationException") {
        error.code = code_of_validation(failure.message);
    } else if (failure.type == "ResourceNotFoundException") {
        error.detail += " (have the tables been made? estante tables create)";
    }
    return error;
}

bool is_conflict(const aws::Failure& failure)
{
    if (failure.type == "TransactionConflictException" || failure.type == "TransactionInProgressException")
        return true;
    return std::ranges::any_of(reasons_of(failure), [](const Reason& r) { return r.code == "TransactionConflict"; });
}

bool is_throttled_transaction(const aws::Failure& failure)
{
    return std::ranges::any_of(reasons_of(failure), [](const Reason& r) {
        return r.code == "ThrottlingError" || r.code == "ProvisionedThroughputExceeded" ||
               r.code == "RequestLimitExceeded";
    });
}

} // namespace estante::dynamodb
