// What DynamoDB refuses, in the port's codes.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/item_store.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace estante::dynamodb {

// `sent` has, for each action of the request, its index in the call of the port. Items in `failed` are as stored, also
// those that have expired.
StoreError store_error_from(const aws::Failure& failure, const std::vector<std::size_t>& sent);

// The attempt ended only because others were at work on the same items or on the same token.
bool is_conflict(const aws::Failure& failure);
// A transaction was cancelled because the tables could not keep up.
bool is_throttled_transaction(const aws::Failure& failure);

} // namespace estante::dynamodb
