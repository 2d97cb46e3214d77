// Completes deletions of users that the end of the process has interrupted.
#pragma once

#include "ports/tenant_items.hpp"

namespace estante {

// Of all tenants. A tenant whose deletions cannot be completed is logged and tried again at the next start. Throws
// std::runtime_error with one line when the store does not respond.
Task<void> resume_deletions(AllItems items);

} // namespace estante
