// Times in items: RFC 3339 UTC with milliseconds, so that their byte order is their order in time.
#pragma once

#include "domain/value.hpp"

#include <cstdint>
#include <string_view>

namespace estante {

Value time_value(std::int64_t ms);
// Throws std::runtime_error for a damaged item, as the readers of attributes.hpp do.
std::int64_t time_at(const Map& item, std::string_view name);

} // namespace estante
