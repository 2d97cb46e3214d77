#include "operations/analytics/report_options.hpp"

#include <fmt/format.h>

namespace estante::analytics {

std::string file_name_of(std::string_view list, const CalendarDate& from, const CalendarDate& to)
{
    return fmt::format("{}_{}_{}", list, from.value, to.value);
}

} // namespace estante::analytics
