// The period of a report, and the reports that are the first rows of a ranked list.
#pragma once

#include "domain/calendar.hpp"
#include "operations/tenants/find_currency.hpp"
#include "ports/clock.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace estante::analytics {

// The requested period, both ends included. Without `to` it ends today (UTC); without `from` it has 30 days.
// Errors: invalid (check() of domain/calendar.hpp).
Result<Period> report_period(const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to,
                             Clock& clock, Granularity granularity = Granularity::day);

// The report of a ranked list: `query` reads its first rows in the requested period, `to_row` converts one of them.
// Errors: invalid (the period), those of `query`.
template <class View, class Request, class RankedQuery, class ToRow>
Task<Result<View>> ranked_report(const Request& request, TenantItems& items, Clock& clock, RankedQuery query,
                                 ToRow to_row)
{
    const auto period = report_period(request.from, request.to, clock);
    if (!period)
        co_return std::unexpected(period.error());
    auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto rows = co_await query(*period, static_cast<std::size_t>(request.limit.value.value));
    if (!rows)
        co_return std::unexpected(rows.error());
    View view{};
    view.from = CalendarDate::of(period->first);
    view.to = CalendarDate::of(period->last);
    view.currency = std::move(*currency);
    for (const auto& row : *rows)
        view.items.push_back(to_row(row));
    co_return view;
}

} // namespace estante::analytics
