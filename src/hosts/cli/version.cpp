#include "hosts/cli/version.hpp"

#include "domain/seeded_fault.hpp"

namespace estante {

std::string_view version()
{
#ifdef ESTANTE_SEED_FAULT
    return ESTANTE_VERSION " with the seeded fault " ESTANTE_SEED_FAULT;
#else
    return ESTANTE_VERSION;
#endif
}

bool has_any_seeded_fault()
{
    return !seeded_fault.empty();
}

} // namespace estante
