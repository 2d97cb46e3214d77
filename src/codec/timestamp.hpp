// RFC 3339 times in UTC with milliseconds: "2026-01-31T09:30:00.000Z".
#pragma once

#include "codec/shapes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace estante {

std::string to_string(Timestamp time);
// Reads any RFC 3339 time, with offset; truncates more than three decimals of a second. A date alone is its first
// millisecond in UTC.
std::optional<Timestamp> parse_timestamp(std::string_view text);

} // namespace estante
