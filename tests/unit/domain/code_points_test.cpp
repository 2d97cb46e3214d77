#include "domain/code_points.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace estante {
namespace {

std::vector<std::int32_t> code_points_of(std::string_view text)
{
    std::vector<std::int32_t> points;
    for (std::size_t at = 0; at < text.size();)
        points.push_back(next_code_point(text, at));
    return points;
}

using Points = std::vector<std::int32_t>;

TEST(CodePoints, AreReadOneByOne)
{
    EXPECT_EQ(code_points_of("añ€😀"), (Points{'a', 0xF1, 0x20AC, 0x1F600}));
    EXPECT_EQ(code_points_of(std::string_view("\0", 1)), Points{0});
    EXPECT_EQ(count_code_points("añ€😀"), 4U);
    EXPECT_EQ(count_code_points(""), 0U);
}

TEST(CodePoints, AreNegativeForInvalidBytesAndAlwaysAdvance)
{
    for (const auto* text :
         {"\xFF", "\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"}) {
        const auto points = code_points_of(std::string(text) + "z");
        ASSERT_GE(points.size(), 2U);
        EXPECT_LT(points.front(), 0);
        EXPECT_EQ(points.back(), 'z');
    }
}

TEST(CodePoints, AreNotSplitByFirstBytes)
{
    EXPECT_EQ(first_bytes("añ€😀", 100), "añ€😀");
    EXPECT_EQ(first_bytes("añ€😀", 10), "añ€😀");
    EXPECT_EQ(first_bytes("añ€😀", 9), "añ€");
    EXPECT_EQ(first_bytes("añ€😀", 6), "añ€");
    EXPECT_EQ(first_bytes("añ€😀", 5), "añ");
    EXPECT_EQ(first_bytes("añ€😀", 2), "a");
    EXPECT_EQ(first_bytes("añ€😀", 0), "");
    EXPECT_EQ(first_bytes("", 3), "");
}

} // namespace
} // namespace estante
