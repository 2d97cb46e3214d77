// What the requests of this folder have in common: their period, how much of a list they want, and its form.
#pragma once

#include "codec/shapes.hpp"
#include "domain/calendar.hpp"
#include "domain/money.hpp"
#include "domain/tenant.hpp"
#include "ports/clock.hpp"
#include "ports/table_export.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace estante::analytics {

using RowLimit = Or<Int<1, 1000>, 20>;

// The asked period. Without `to` it ends today (UTC), without `from` it has 30 days, both ends included.
// Errors: invalid (check() of domain/calendar.hpp).
Result<Period> asked_period(const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to,
                            Clock& clock, Granularity granularity = Granularity::day);

// The currency of the shop. Errors: not_found.
Task<Result<Currency>> currency_of_shop(TenantItems& items);

// A view of the first rows over a period, of which `ask` answers what `row_of` makes rows of.
// Errors: invalid (the period), those of `ask`.
template <class View, class Request, class Ask, class RowOf>
Task<Result<View>> first_rows(const Request& request, TenantItems& items, Clock& clock, Ask ask, RowOf row_of)
{
    const auto period = asked_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto rows = co_await ask(*period, static_cast<std::size_t>(request.limit.value.value));
    if (!rows)
        co_return std::unexpected(rows.error());
    View view{};
    view.from = CalendarDate::of(period->first);
    view.to = CalendarDate::of(period->last);
    view.currency = std::move(*currency);
    for (const auto& row : *rows)
        view.items.push_back(row_of(row));
    co_return view;
}

// "top-books_2026-01-01_2026-01-31"
std::string file_name_of(std::string_view list, const CalendarDate& from, const CalendarDate& to);

} // namespace estante::analytics
