// Errors of the lake's object store as errors of a processor.
#pragma once

#include "domain/result.hpp"
#include "ports/object_store.hpp"

namespace estante {

// `unavailable`, with the cause. An `invalid` is a programming error and throws std::logic_error.
std::unexpected<Error> lake_failure(const ObjectError& error);

} // namespace estante
