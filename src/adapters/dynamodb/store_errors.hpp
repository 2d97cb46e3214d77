// DynamoDB's errors as errors of the port.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/item_store.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

// `sent` maps each action of the request to its index in the call of the port. Items in `failed` are as stored,
// including expired ones.
StoreError store_error_from(const aws::Failure& failure, const std::vector<std::size_t>& sent);

// The attempt failed because another transaction worked on the same items or with the same token.
bool is_conflict(const aws::Failure& failure);
// A transaction was cancelled because a table throttled it.
bool is_throttled_transaction(const aws::Failure& failure);

} // namespace estante::dynamodb
