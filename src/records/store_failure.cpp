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
        auto unavailable =
            failure(Errc::unavailable, "El servicio está ocupado. Vuelva a intentarlo dentro de un segundo.",
                    "The service is busy. Try again in a second.");
        unavailable.error().retry_after_s = 1;
        return unavailable;
    }
    case StoreError::Code::too_large:
        return failure(Errc::too_large,
                       "Los datos no caben en un registro: el límite es 400 KB. Acorte los textos más largos.",
                       "The data does not fit into a record: the limit is 400 KB. Shorten the longest texts.");
    case StoreError::Code::condition_failed:
    case StoreError::Code::token_mismatch:
    case StoreError::Code::invalid:
        break;
    }
    throw std::logic_error(fmt::format("The item store rejected an invalid request: {}", error.detail));
}

const FailedAction* failed_action(const StoreError& error, std::size_t index)
{
    const auto found = std::ranges::find(error.failed, index, &FailedAction::index);
    return found == error.failed.end() ? nullptr : &*found;
}

} // namespace estante
