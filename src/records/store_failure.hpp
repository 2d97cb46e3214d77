// The errors of operations when the store refuses a request.
#pragma once

#include "domain/result.hpp"
#include "ports/item_store.hpp"

#include <cstddef>

namespace estante {

// conflict (other transactions were first, beyond the store's retries) and unavailable: Errc::unavailable, with a retry
// after one second. too_large: Errc::too_large. The other codes are programming errors and throw std::logic_error:
// invalid, token_mismatch, and condition_failed, which the operation must handle itself.
std::unexpected<Error> store_failure(const StoreError& error);

inline bool is_condition_failed(const StoreError& error)
{
    return error.code == StoreError::Code::condition_failed;
}

// The failed action with this index in the call's actions; nullptr if its conditions held.
const FailedAction* failed_action(const StoreError& error, std::size_t index);

} // namespace estante
