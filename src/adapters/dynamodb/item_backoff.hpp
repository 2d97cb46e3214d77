// How the item store waits before it repeats a request that DynamoDB did not process.
#pragma once

#include "adapters/aws/backoff.hpp"

#include <chrono>

namespace estante::dynamodb {

inline constexpr aws::Backoff item_backoff{.base = std::chrono::milliseconds(10),
                                           .cap = std::chrono::milliseconds(320)};
inline constexpr int max_unprocessed_attempts = 10; // of a batch that stays unprocessed

} // namespace estante::dynamodb
