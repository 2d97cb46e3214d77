// What an operation answers when the store refuses for a reason that is not one of its conditions.
#pragma once

#include "domain/result.hpp"
#include "ports/item_store.hpp"

#include <cstddef>

namespace estante {

// conflict (other transactions were faster, beyond the store's retries) and unavailable: Errc::unavailable, to be tried
// again after a second. too_large: Errc::too_large. The other codes are mistakes of the program and throw
// std::logic_error: invalid, token_mismatch, and condition_failed, which the operation has to look at itself.
std::unexpected<Error> store_failure(const StoreError& error);

inline bool is_condition_failed(const StoreError& error)
{
    return error.code == StoreError::Code::condition_failed;
}

// The failed action with this index into the call's actions; nullptr if its conditions held.
const FailedAction* failed_action(const StoreError& error, std::size_t index);

} // namespace estante
