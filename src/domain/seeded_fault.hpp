// Faults that are compiled in on purpose, so that a harness can show that it finds them.
//
// A fault is one line where it happens, in a .cpp: `if constexpr (has_seeded_fault("its-name")) …`. CMake reads the
// names from the sources. The target estante_seeded has the fault that -DESTANTE_SEED_FAULT=its-name names, and says so
// in its version and when it starts. `estante` and every library are compiled without any.
#pragma once

#include <string_view>

namespace estante {

// Of internal linkage: files of one program may differ in it.
#ifdef ESTANTE_SEED_FAULT
[[maybe_unused]] static constexpr std::string_view seeded_fault = ESTANTE_SEED_FAULT;
#else
[[maybe_unused]] static constexpr std::string_view seeded_fault{};
#endif

[[maybe_unused]] static consteval bool has_seeded_fault(std::string_view name)
{
    return seeded_fault == name;
}

} // namespace estante
