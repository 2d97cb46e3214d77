#include "adapters/search/bm25.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

namespace estante::search {
namespace {

struct Known {
    std::uint32_t length;
    std::uint32_t norm;
    std::uint32_t decoded;
};

// From org.apache.lucene.util.SmallFloat of Lucene 10.5.0.
constexpr Known known_norms[] = {{0, 0, 0},
                                 {1, 1, 1},
                                 {23, 23, 23},
                                 {24, 24, 24},
                                 {31, 31, 31},
                                 {32, 32, 32},
                                 {39, 39, 39},
                                 {40, 40, 40},
                                 {41, 40, 40},
                                 {42, 41, 42},
                                 {55, 47, 54},
                                 {56, 48, 56},
                                 {57, 48, 56},
                                 {60, 49, 60},
                                 {63, 49, 60},
                                 {64, 50, 64},
                                 {100, 57, 96},
                                 {255, 70, 248},
                                 {256, 70, 248},
                                 {1000, 87, 984},
                                 {1023, 87, 984},
                                 {5000, 105, 4632},
                                 {10000, 113, 9240},
                                 {65535, 135, 61464},
                                 {1000000, 167, 983064},
                                 {2147483647, 255, 2013265944}};

TEST(Norm, EncodesALengthAsLuceneDoes)
{
    for (const auto& known : known_norms) {
        EXPECT_EQ(encode_norm(known.length), known.norm) << known.length;
        EXPECT_EQ(decode_norm(static_cast<std::uint8_t>(known.norm)), known.decoded) << known.norm;
    }
}

TEST(Norm, IsMonotonicInTheLength)
{
    for (std::uint32_t length = 1; length < 70'000; ++length)
        ASSERT_LE(encode_norm(length - 1), encode_norm(length));
    for (std::uint32_t norm = 1; norm < 256; ++norm)
        ASSERT_LT(decode_norm(static_cast<std::uint8_t>(norm - 1)), decode_norm(static_cast<std::uint8_t>(norm)));
}

TEST(Bm25, GivesRareTermsAHigherIdf)
{
    EXPECT_EQ(inverse_document_frequency(1, 1), 0.287682072F); // ln(1 + 0.5 / 1.5)
    EXPECT_GT(inverse_document_frequency(1000, 1), inverse_document_frequency(1000, 2));
    EXPECT_GT(inverse_document_frequency(1000, 1000), 0);
}

TEST(Bm25, GrowsWithTheFrequencyAndShrinksWithTheLength)
{
    const auto inverse = norm_inverses({.document_count = 10, .term_count = 57});
    for (std::size_t norm = 1; norm < inverse.size(); ++norm)
        ASSERT_LE(inverse[norm], inverse[norm - 1]);
    for (int frequency = 1; frequency < 100; ++frequency)
        ASSERT_GE(term_score(2.5F, static_cast<float>(frequency + 1), inverse[7]),
                  term_score(2.5F, static_cast<float>(frequency), inverse[7]));
}

TEST(Bm25, HasZeroNormInversesWithoutDocuments)
{
    EXPECT_EQ(norm_inverses({})[10], 0.0F);
}

} // namespace
} // namespace estante::search
