// Converts the port's values to JSON values and back.
#pragma once

#include "codec/json.hpp"
#include "domain/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace estante::opensearch {

// Replaces invalid UTF-8 and U+0000 by U+FFFD. Invalid UTF-8 is not JSON, and the engines have neither in terms.
std::string to_valid_utf8(std::string_view text);

// The shortest decimal that parses to the same value. Throws std::invalid_argument for NaN and infinity.
Number to_number(double value);
Number to_number(float value);

std::string number_text(const Map& map, std::string_view name); // empty unless it is a number

} // namespace estante::opensearch
