// Precompiled for records and everything above them; no file may rely on it for a declaration.
#include "codec/described.hpp"
#include "ports/tenant_items.hpp"

#include <functional>
#include <map>
#include <memory>
