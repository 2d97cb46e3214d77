// The rules of the object store that all engines share: validation.
#pragma once

#include "ports/object_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

std::unexpected<ObjectError> object_error(ObjectError::Code code, std::string detail);

// Validation of the arguments of a call. Errors: invalid.
Result<void, ObjectError> check_object_key(std::string_view key);
Result<void, ObjectError> check_put(std::string_view key, std::size_t size_bytes, const IfObject& condition);
Result<void, ObjectError> check_listing(std::string_view prefix, const std::optional<std::string>& after,
                                        std::size_t limit);

} // namespace estante
