#include "records/store_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace estante {

std::unexpected<Error> store_failure(const StoreError& error)
{
    switch (error.code) {
    case StoreError::Code::conflict:
    case StoreError::Code::unavailable: {
        auto busy = failure(Errc::unavailable, "El servicio está ocupado. Vuelva a intentarlo dentro de un segundo.",
                            "The service is busy. Try again in a second.");
        busy.error().retry_after_s = 1;
        return busy;
    }
    case StoreError::Code::too_large:
        return failure(Errc::too_large, "Los datos ocupan más de lo que cabe en un registro (400 KB).",
                       "The data is larger than a record may be (400 KB).");
    case StoreError::Code::condition_failed:
    case StoreError::Code::token_mismatch:
    case StoreError::Code::invalid:
        break;
    }
    throw std::logic_error(fmt::format("The item store refused what no operation should ask: {}", error.detail));
}

const FailedAction* failed_action(const StoreError& error, std::size_t index)
{
    const auto found = std::ranges::find(error.failed, index, &FailedAction::index);
    return found == error.failed.end() ? nullptr : &*found;
}

} // namespace estante
