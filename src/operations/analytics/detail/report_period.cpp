#include "operations/analytics/detail/report_period.hpp"

#include "operations/tenants/detail/load_tenant.hpp"

#include <fmt/format.h>

namespace estante::analytics {

namespace {

constexpr int default_days = 30;

} // namespace

Result<Period> report_period(const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to,
                             Clock& clock, Granularity granularity)
{
    Period period;
    period.last = to ? to->day() : day_of(clock.now_ms());
    period.first = from ? from->day() : period.last - std::chrono::days(default_days - 1);
    if (auto checked = check(period, granularity); !checked)
        return std::unexpected(std::move(checked.error()));
    return period;
}

} // namespace estante::analytics
