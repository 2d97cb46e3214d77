// What the program is. Compiled for each program by itself: one with a seeded fault (domain/seeded_fault.hpp) says so.
#pragma once

#include <string_view>

namespace estante {

// "0.1.0", or "0.1.0 with the seeded fault NAME".
std::string_view version();
bool has_any_seeded_fault();

} // namespace estante
