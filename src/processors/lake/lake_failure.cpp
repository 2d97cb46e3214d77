#include "processors/lake/lake_failure.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

std::unexpected<Error> lake_failure(const ObjectError& error)
{
    if (error.code == ObjectError::Code::invalid)
        throw std::logic_error(fmt::format("a processor sent the lake an invalid request: {}", error.detail));
    return failure(Errc::unavailable, fmt::format("El lago de datos no responde: {}", error.detail),
                   fmt::format("The data lake does not respond: {}", error.detail));
}

} // namespace estante
