#include "operations/analytics/asked_period.hpp"

#include "operations/tenants/load_tenant.hpp"

#include <fmt/format.h>

namespace estante::analytics {

namespace {

constexpr int default_days = 30;

} // namespace

Result<Period> asked_period(const std::optional<CalendarDate>& from, const std::optional<CalendarDate>& to,
                            Clock& clock, Granularity granularity)
{
    Period period;
    period.last = to ? to->day() : day_of(clock.now_ms());
    period.first = from ? from->day() : period.last - std::chrono::days(default_days - 1);
    if (auto checked = check(period, granularity); !checked)
        return std::unexpected(std::move(checked.error()));
    return period;
}

Task<Result<Currency>> currency_of_shop(TenantItems& items)
{
    const auto tenant = co_await tenants::load_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());
    co_return tenant->settings.currency;
}

std::string file_name_of(std::string_view list, const CalendarDate& from, const CalendarDate& to)
{
    return fmt::format("{}_{}_{}", list, from.value, to.value);
}

} // namespace estante::analytics
