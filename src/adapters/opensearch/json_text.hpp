// Between the port's values and JSON.
#pragma once

#include "codec/json.hpp"
#include "domain/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace estante::opensearch {

// Ill-formed sequences of UTF-8 and U+0000 as U+FFFD: the first are no JSON, and no engine's terms have either.
std::string well_formed(std::string_view text);

// The shortest decimal that reads back as the same number. Finite ones only.
Number exact(double value);
Number exact(float value);

std::string number_text(const Map& map, std::string_view name); // "" unless it is a number

} // namespace estante::opensearch
