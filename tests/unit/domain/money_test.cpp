#include "domain/money.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace estante {
namespace {

using namespace literals;

TEST(Money, ParsesUpToTwoDecimals)
{
    EXPECT_EQ(parse_money("29.99"), 29.99_eur);
    EXPECT_EQ(parse_money("29.9"), 29.90_eur);
    EXPECT_EQ(parse_money("29"), 29.0_eur);
    EXPECT_EQ(parse_money("0"), Money{0});
    EXPECT_EQ(parse_money("0.05"), Money{5});
    EXPECT_EQ(parse_money("-3.50"), Money{-350});
    EXPECT_EQ(parse_money("-0.01"), Money{-1});
    EXPECT_EQ(parse_money("999999999999999.99"), Money{99'999'999'999'999'999});
}

TEST(Money, RejectsOtherText)
{
    for (const auto* text : {"", "-", ".", "-.", ".5", "5.", "1.234", "1e3", "+1", " 1", "1 ", "1,50", "1.-5", "--1",
                             "a", "1.5€", "1000000000000000", "1.0.0"})
        EXPECT_EQ(parse_money(text), std::nullopt) << text;
}

TEST(Money, IsAlwaysWrittenWithTwoDecimals)
{
    EXPECT_EQ(to_string(29.99_eur), "29.99");
    EXPECT_EQ(to_string(29.9_eur), "29.90");
    EXPECT_EQ(to_string(Money{0}), "0.00");
    EXPECT_EQ(to_string(Money{7}), "0.07");
    EXPECT_EQ(to_string(Money{-1}), "-0.01");
    EXPECT_EQ(to_string(Money{-12345}), "-123.45");
    EXPECT_EQ(to_string(Money{std::numeric_limits<std::int64_t>::min()}), "-92233720368547758.08");
}

TEST(Money, RoundTripsEveryCent)
{
    for (std::int64_t cents = -1000; cents <= 1000; ++cents)
        EXPECT_EQ(parse_money(to_string(Money{cents})), Money{cents});
}

TEST(Money, AddsSubtractsAndMultipliesExactly)
{
    EXPECT_EQ(0.10_eur + 0.20_eur, 0.30_eur);
    EXPECT_EQ(10.0_eur - 0.01_eur, 9.99_eur);
    EXPECT_EQ(19.99_eur * 90, 1799.10_eur);
    EXPECT_LT(9.99_eur, 10.0_eur);
}

TEST(Vat, IsComputedFromTheGrossAmountRoundedHalfUp)
{
    struct Case {
        std::int64_t gross, rate, net, tax;
    };
    // tax = gross · rate / (1 + rate), computed by hand; the third is exactly half a cent, the fourth just below.
    constexpr Case cases[] = {
        {10'40, 400, 10'00, 40},
        {12'10, 2100, 10'00, 2'10},
        {13, 400, 12, 1}, // 0.5 exactly: 13 · 4 / 104
        {12, 400, 12, 0}, // 0.4615…
        {39, 400, 37, 2}, // 1.5 exactly
        {1, 2100, 1, 0},
        {3, 2100, 2, 1},
        {29'99, 400, 28'84, 1'15},
        {29'99, 2100, 24'79, 5'20},
        {100'00, 0, 100'00, 0},
        {0, 400, 0, 0},
        {1, 10'000, 0, 1}, // 0.5 exactly
        {1'000'000'00, 2700, 787'401'57, 212'598'43},
    };
    for (const auto& [gross, rate, net, tax] : cases)
        EXPECT_EQ(vat_from_gross(Money{gross}, rate), (VatAmount{rate, Money{net}, Money{tax}}))
            << gross << " at " << rate;
}

TEST(Vat, NetPlusTaxIsAlwaysTheGross)
{
    for (std::int64_t gross = 0; gross < 5000; ++gross) {
        for (const std::int64_t rate : {0, 400, 1000, 2100, 2550}) {
            const auto vat = vat_from_gross(Money{gross}, rate);
            ASSERT_EQ(vat.net + vat.tax, Money{gross});
            ASSERT_GE(vat.tax.cents, 0);
            // |tax · (10000 + rate) − gross · rate| is at most half of the divisor.
            ASSERT_LE(std::abs(2 * (vat.tax.cents * (10'000 + rate) - gross * rate)), 10'000 + rate);
        }
    }
}

} // namespace
} // namespace estante
