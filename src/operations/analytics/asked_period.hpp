// What the requests of this folder have in common: their period, how much of a list they want, and its form.
#pragma once

#include "codec/shapes.hpp"
#include "domain/money.hpp"
#include "domain/period.hpp"
#include "domain/tenant.hpp"
#include "ports/clock.hpp"
#include "ports/table_export.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace estante::analytics {

using RowLimit = Or<Int<1, 1000>, 20>;

// The asked period. Without `to` it ends today (UTC), without `from` it has 30 days, both ends included.
// Errors: invalid (check() of domain/period.hpp).
Result<Period> asked_period(const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to,
                            Clock& clock, Granularity granularity = Granularity::day);

// The currency of the shop. Errors: not_found.
Task<Result<Currency>> currency_of_shop(TenantItems& items);

// "top-books_2026-01-01_2026-01-31"
std::string file_name_of(std::string_view list, const CalendarDate& from, const CalendarDate& to);

} // namespace estante::analytics
