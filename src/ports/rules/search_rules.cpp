#include "ports/rules/search_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace estante {

int decade_of(int year)
{
    constexpr int years = 10;
    const auto rest = year % years;
    return year - (rest < 0 ? rest + years : rest);
}

int price_band_of(std::int64_t cents)
{
    return static_cast<int>(std::ranges::upper_bound(price_band_cents, cents) - std::begin(price_band_cents));
}

std::string price_band_name(int index)
{
    constexpr std::int64_t cents = 100;
    return std::to_string(index == 0 ? 0 : price_band_cents[index - 1] / cents);
}

Result<void> check_limit(std::size_t limit, std::size_t max)
{
    if (limit >= 1 && limit <= max)
        return {};
    return invalid("?limit", "out_of_range", fmt::format("`limit` debe estar entre 1 y {}.", max),
                   fmt::format("`limit` must be between 1 and {}.", max));
}

std::unexpected<Error> unknown_cursor()
{
    return invalid(
        "?cursor", "bad_format",
        "El cursor no pertenece a esta búsqueda: use `next_cursor` de la página anterior con la misma ordenación.",
        "The cursor is not of this search: use `next_cursor` of the previous page with the same sort order.");
}

} // namespace estante
