// The engines of business figures that this program was built with.
#pragma once

#include "ports/analytics.hpp"
#include "ports/table_export.hpp"

#include <memory>

namespace estante {

// Without an engine every question is answered with `unavailable` and the reason.
std::unique_ptr<Analytics> open_analytics();
std::unique_ptr<TableExport> open_table_export();

} // namespace estante
