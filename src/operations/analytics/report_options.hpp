// What the requests and responses of several reports share.
#pragma once

#include "codec/shapes.hpp"
#include "domain/calendar.hpp"
#include "domain/money.hpp"
#include "domain/tenant.hpp"
#include "ports/table_export.hpp"

#include <string>
#include <string_view>

namespace estante::analytics {

using RowLimit = Or<Int<1, 1000>, 20>;

// "top-books_2026-01-01_2026-01-31"
std::string file_name_of(std::string_view report, const CalendarDate& from, const CalendarDate& to);

} // namespace estante::analytics
