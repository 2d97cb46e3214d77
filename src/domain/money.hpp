// An amount of money in cents. Its currency is that of the shop.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct Money {
    static constexpr std::int64_t max_cents = 1'000'000'00; // in a request
    std::int64_t cents = 0;

    auto operator<=>(const Money&) const = default;
    Money& operator+=(Money other)
    {
        cents += other.cents;
        return *this;
    }
    Money& operator-=(Money other)
    {
        cents -= other.cents;
        return *this;
    }
    friend Money operator+(Money left, Money right) { return left += right; }
    friend Money operator-(Money left, Money right) { return left -= right; }
    friend Money operator*(Money amount, std::int64_t times) { return {amount.cents * times}; }
};

// "29.99", always with two decimals: the form of an amount in items, JSON, index and lake.
std::string to_string(Money amount);

// Reads "29.99", "29.9", "29" or "-3.50"; nothing for more than two decimals, an exponent or any other text.
std::optional<Money> parse_money(std::string_view text);

// The VAT contained in a gross amount: at 4 %, a gross of 10.40 has net 10.00 and tax 0.40.
// The tax is rounded half-up to the cent, once per rate and purchase.
struct VatAmount {
    std::int64_t rate_basis_points = 0; // 400 is 4 %
    Money net;
    Money tax;

    bool operator==(const VatAmount&) const = default;
};
VatAmount vat_from_gross(Money gross, std::int64_t rate_basis_points);

namespace literals {
consteval Money operator""_eur(long double amount)
{
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): not negative, and lround is no constant expression
    return {static_cast<std::int64_t>(amount * 100 + 0.5L)};
}
} // namespace literals

} // namespace estante
