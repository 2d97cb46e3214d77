#include "domain/value.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <utility>

namespace estante {
namespace {

std::string canonical(std::string_view text)
{
    const auto number = Number::parse(text);
    return number ? number->text() : "nothing";
}

TEST(Number, IsStoredAsItsShortestDecimal)
{
    constexpr std::pair<const char*, const char*> cases[] = {
        {"0", "0"},          {"-0", "0"},       {"0.0", "0"},        {"-0.00e5", "0"},     {"0e400", "0"},
        {"1", "1"},          {"29.90", "29.9"}, {"29.00", "29"},     {"-29.99", "-29.99"}, {"1e2", "100"},
        {"1E+2", "100"},     {"1.5e1", "15"},   {"1.50e-1", "0.15"}, {"120e-1", "12"},     {"0.001", "0.001"},
        {"1e-3", "0.001"},   {"0.00e1", "0"},   {"100", "100"},      {"2008.0", "2008"},   {"1e00", "1"},
        {"12.5e+01", "125"}, {"0.5e1", "5"},    {"-1e-2", "-0.01"},
    };
    for (const auto& [text, kept] : cases)
        EXPECT_EQ(canonical(text), kept) << text;
}

TEST(Number, RejectsTextThatIsNotAJsonNumber)
{
    for (const auto* text : {"",   "-",   "+1",  "01",       "-01", "1.",  ".5",    "1e",    "1e+", "1e1.5", "1 ",
                             " 1", "0x1", "NaN", "Infinity", "1,5", "--1", "1e--1", "1e+-1", "1a",  "1e5 "})
        EXPECT_EQ(canonical(text), "nothing") << text;
}

TEST(Number, HasUpToThirtyEightDigits)
{
    const std::string widest(38, '9');
    EXPECT_EQ(canonical(widest), widest);
    EXPECT_EQ(canonical(widest + "0"), widest + "0"); // a trailing zero is no significant digit
    EXPECT_EQ(canonical(widest + "9"), "nothing");
    EXPECT_EQ(canonical("0." + widest), "0." + widest);
    EXPECT_EQ(canonical("0.0" + widest), "0.0" + widest);
    EXPECT_EQ(canonical("1." + widest), "nothing");
}

TEST(Number, RangesFrom1EMinus130ToBelow1E126)
{
    EXPECT_NE(canonical("1e125"), "nothing");
    EXPECT_NE(canonical("9.99e125"), "nothing");
    EXPECT_NE(canonical("-9.99e125"), "nothing");
    EXPECT_NE(canonical("1e-130"), "nothing");
    for (const auto* text :
         {"1e126", "10e125", "-1e126", "9.9e-131", "1e-131", "1e400", "1e-400", "1e1000", "1e99999999999999999999"})
        EXPECT_EQ(canonical(text), "nothing") << text;
}

TEST(Number, RejectsVeryLongTextInsteadOfReadingASmallNumber)
{
    EXPECT_EQ(canonical("1" + std::string(2000, '0') + "e-950"), "nothing");
    EXPECT_EQ(canonical("0." + std::string(2000, '0') + "1e950"), "nothing");
    EXPECT_EQ(canonical("1" + std::string(990, '0') + "e-950"), "1" + std::string(40, '0'));
}

TEST(Number, ComparesByValue)
{
    const char* ascending[] = {"-9.99e125", "-123.5", "-123.45", "-2",     "-1.5", "-1",     "-0.1", "-0.01", "-1e-130",
                               "0",         "1e-130", "0.01",    "0.0999", "0.1",  "0.11",   "1",    "1.5",   "2",
                               "9",         "10",     "10.01",   "99",     "100",  "123.45", "1e125"};
    for (std::size_t left = 0; left < std::size(ascending); ++left) {
        for (std::size_t right = 0; right < std::size(ascending); ++right)
            EXPECT_EQ(*Number::parse(ascending[left]) <=> *Number::parse(ascending[right]), left <=> right)
                << ascending[left] << " and " << ascending[right];
    }
}

TEST(Number, EqualsTheSameValueInAnotherForm)
{
    EXPECT_EQ(*Number::parse("1e2"), Number(100));
    EXPECT_EQ(*Number::parse("29.990"), Number::hundredths(2999));
    EXPECT_NE(Number(1), Number(-1));
}

TEST(Number, AddsExactly)
{
    const auto sum = [](const char* left, const char* right) {
        const auto result = Number::parse(left)->plus(*Number::parse(right));
        return result ? result->text() : "nothing";
    };
    EXPECT_EQ(sum("0.1", "0.2"), "0.3");
    EXPECT_EQ(sum("29.99", "0.01"), "30");
    EXPECT_EQ(sum("1", "-1"), "0");
    EXPECT_EQ(sum("0", "-0.5"), "-0.5");
    EXPECT_EQ(sum("-5", "3.5"), "-1.5");
    EXPECT_EQ(sum("99999999999999999999999999999999999999", "1"), "1" + std::string(38, '0'));
    EXPECT_EQ(sum("1e37", "0.1"), "nothing"); // 39 digits
    EXPECT_EQ(sum("1e36", "0.1"), "1000000000000000000000000000000000000.1");
    EXPECT_EQ(sum("1e125", "1e-130"), "nothing");
    EXPECT_EQ(sum("9e125", "1e125"), "nothing");
    EXPECT_EQ(sum("9e125", "-8e125"), "1" + std::string(125, '0'));
    EXPECT_EQ(sum("1e-130", "-1e-130"), "0");
}

TEST(Number, AddsWholeNumbersLikeIntegers)
{
    std::mt19937_64 random(3);
    for (int i = 0; i < 2000; ++i) {
        const auto any = [&] {
            return static_cast<std::int64_t>(random() >> (random() % 60 + 2)) * (random() % 2 ? 1 : -1);
        };
        const auto left = any();
        const auto right = any();
        ASSERT_EQ(Number(left).plus(Number(right)), Number(left + right)) << left << " + " << right;
        ASSERT_EQ(Number(left) <=> Number(right), left <=> right) << left << " and " << right;
        ASSERT_EQ(Number::hundredths(left).plus(Number::hundredths(right)), Number::hundredths(left + right));
        ASSERT_EQ(Number::hundredths(left).to_hundredths(), left);
        ASSERT_EQ(Number(left).to_int(), left);
    }
}

TEST(Number, ConvertsToAnIntegerOnlyIfItFits)
{
    EXPECT_EQ(Number::parse("9223372036854775807")->to_int(), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(Number::parse("-9223372036854775808")->to_int(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(Number::parse("9223372036854775808")->to_int(), std::nullopt);
    EXPECT_EQ(Number::parse("1.5")->to_int(), std::nullopt);
    EXPECT_EQ(Number::parse("1e3")->to_int(), 1000);
}

TEST(Number, ConvertsToHundredthsOnlyIfExact)
{
    EXPECT_EQ(Number::parse("29.99")->to_hundredths(), 2999);
    EXPECT_EQ(Number::parse("29.9")->to_hundredths(), 2990);
    EXPECT_EQ(Number::parse("29")->to_hundredths(), 2900);
    EXPECT_EQ(Number::parse("-0.5")->to_hundredths(), -50);
    EXPECT_EQ(Number::parse("0.001")->to_hundredths(), std::nullopt);
    EXPECT_EQ(Number::parse("1e18")->to_hundredths(), std::nullopt);
    EXPECT_EQ(Number::hundredths(std::numeric_limits<std::int64_t>::min()).to_hundredths(),
              std::numeric_limits<std::int64_t>::min());
}

TEST(Number, RoundsStatisticalValues)
{
    EXPECT_EQ(Number::rounded(4.337, 2).text(), "4.34");
    EXPECT_EQ(Number::rounded(4.0, 2).text(), "4");
    EXPECT_EQ(Number::rounded(-0.001, 2).text(), "0");
    EXPECT_EQ(Number::rounded(std::numeric_limits<double>::quiet_NaN(), 2).text(), "0");
    EXPECT_DOUBLE_EQ(Number::parse("4.34")->to_double(), 4.34);
    EXPECT_DOUBLE_EQ(Number::parse("1e-130")->to_double(), 1e-130);
}

TEST(Value, FindsTheMembersOfAMap)
{
    const Map map{{"title", "Fortunata y Jacinta"}, {"year", 1887}, {"none", nullptr}};
    EXPECT_EQ(text_of(map, "title"), "Fortunata y Jacinta");
    EXPECT_EQ(text_of(map, "year"), "");
    EXPECT_EQ(text_of(map, "absent"), "");
    EXPECT_EQ(int_of(map, "year"), 1887);
    EXPECT_EQ(int_of(map, "title"), 0);
    EXPECT_EQ(find(map, "absent"), nullptr);
    EXPECT_TRUE(find(map, "none")->is_null());
}

TEST(Value, DistinguishesItsTypes)
{
    EXPECT_TRUE(Value().is_null());
    EXPECT_TRUE(*Value(true).if_bool());
    EXPECT_EQ(Value(1).if_bool(), nullptr);
    EXPECT_EQ(Value(true).if_number(), nullptr);
    EXPECT_EQ(*Value("text").if_string(), "text");
    EXPECT_NE(Value("1"), Value(1));
    EXPECT_NE(Value(List{}), Value(Map{}));
}

} // namespace
} // namespace estante
