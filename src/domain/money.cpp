#include "domain/money.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace estante {

std::string to_string(Money amount)
{
    const auto magnitude =
        amount.cents < 0 ? -static_cast<std::uint64_t>(amount.cents) : static_cast<std::uint64_t>(amount.cents);
    return fmt::format("{}{}.{:02}", amount.cents < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

std::optional<Money> parse_money(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto decimals = point == text.npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || whole.size() > 15 || decimals.size() > 2 || (point != text.npos && decimals.empty()))
        return std::nullopt;
    std::int64_t cents = 0;
    const auto digits = [&cents](std::string_view part) {
        for (const char c : part) {
            if (c < '0' || c > '9')
                return false;
            cents = cents * 10 + (c - '0');
        }
        return true;
    };
    if (!digits(whole) || !digits(decimals))
        return std::nullopt;
    for (auto missing = 2 - decimals.size(); missing > 0; --missing)
        cents *= 10;
    return Money{negative ? -cents : cents};
}

VatAmount vat_from_gross(Money gross, std::int64_t rate_basis_points)
{
    // tax = gross · rate / (100 % + rate), rounded half-up; gross is not negative.
    const std::int64_t divisor = 10'000 + rate_basis_points;
    const std::int64_t tax = (2 * gross.cents * rate_basis_points + divisor) / (2 * divisor);
    return {rate_basis_points, {gross.cents - tax}, {tax}};
}

} // namespace estante
