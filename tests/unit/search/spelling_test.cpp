#include "analysis/accents.hpp"
#include "analysis/spelling.hpp"

#include <gtest/gtest.h>

namespace estante::analysis {
namespace {

TEST(Accents, GoAndOtherLettersStay)
{
    EXPECT_EQ(without_accents("años CAFÉ Ångström façade"), "anos CAFE Angstrom facade");
    EXPECT_EQ(without_accents("e\u0301"), "e"); // by itself
    EXPECT_EQ(without_accents("ǖ"), "u");       // two marks
    EXPECT_EQ(without_accents("Straße øre æon 한국 日本"), "Straße øre æon 한국 日本");
    EXPECT_EQ(without_accents("a\xFF"
                              "b"),
              "a\uFFFD"
              "b");
}

TEST(Spelling, AllowsOneEditFromFourLettersAndTwoFromEight)
{
    EXPECT_EQ(Spelling("sol").edits(), 0U);
    EXPECT_EQ(Spelling("amor").edits(), 1U);
    EXPECT_EQ(Spelling("quijote").edits(), 1U);
    EXPECT_EQ(Spelling("historia").edits(), 2U);
    EXPECT_EQ(Spelling("ñññ").edits(), 0U); // letters, not bytes
}

TEST(Spelling, CountsEditsAndSwapsAndKeepsTheFirstLetter)
{
    Spelling quijote("quijote");
    EXPECT_EQ(quijote.distance("quijote"), 0U);
    EXPECT_EQ(quijote.distance("quixote"), 1U);
    EXPECT_EQ(quijote.distance("quijotes"), 1U);
    EXPECT_EQ(quijote.distance("quijoe"), 1U);
    EXPECT_EQ(quijote.distance("quiojte"), 1U);
    EXPECT_FALSE(quijote.is_near("quiojtes"));
    EXPECT_FALSE(quijote.is_near("wuijote"));
    EXPECT_FALSE(quijote.is_near(""));
    EXPECT_FALSE(Spelling("sol").is_near("son"));
    EXPECT_TRUE(Spelling("sol").is_near("sol"));
    EXPECT_TRUE(Spelling("cervantes").is_near("crevante"));
}

} // namespace
} // namespace estante::analysis
