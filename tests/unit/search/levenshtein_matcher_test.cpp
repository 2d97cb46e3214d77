#include "analysis/accent_folding.hpp"
#include "analysis/levenshtein_matcher.hpp"
#include "analysis/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace estante::analysis {
namespace {

TEST(AccentFolding, RemovesMarksAndKeepsOtherLetters)
{
    EXPECT_EQ(fold_accents("años CAFÉ Ångström façade"), "anos CAFE Angstrom facade");
    EXPECT_EQ(fold_accents("e\u0301"), "e"); // a separate mark
    EXPECT_EQ(fold_accents("ǖ"), "u");       // two marks
    EXPECT_EQ(fold_accents("Straße øre æon 한국 日本"), "Straße øre æon 한국 日本");
    EXPECT_EQ(fold_accents("a\xFF"
                           "b"),
              "a\uFFFD"
              "b");
}

TEST(LevenshteinMatcher, AllowsOneEditFromFourLettersAndTwoFromEight)
{
    EXPECT_EQ(LevenshteinMatcher("sol").max_edits(), 0U);
    EXPECT_EQ(LevenshteinMatcher("amor").max_edits(), 1U);
    EXPECT_EQ(LevenshteinMatcher("quijote").max_edits(), 1U);
    EXPECT_EQ(LevenshteinMatcher("historia").max_edits(), 2U);
    EXPECT_EQ(LevenshteinMatcher("ñññ").max_edits(), 0U); // letters, not bytes
}

TEST(LevenshteinMatcher, CountsEditsAndTranspositionsAfterAnEqualFirstLetter)
{
    LevenshteinMatcher quijote("quijote");
    EXPECT_EQ(quijote.distance("quijote"), 0U);
    EXPECT_EQ(quijote.distance("quixote"), 1U);
    EXPECT_EQ(quijote.distance("quijotes"), 1U);
    EXPECT_EQ(quijote.distance("quijoe"), 1U);
    EXPECT_EQ(quijote.distance("quiojte"), 1U);
    EXPECT_FALSE(quijote.matches("quiojtes"));
    EXPECT_FALSE(quijote.matches("wuijote"));
    EXPECT_FALSE(quijote.matches(""));
    EXPECT_FALSE(LevenshteinMatcher("sol").matches("son"));
    EXPECT_TRUE(LevenshteinMatcher("sol").matches("sol"));
    EXPECT_TRUE(LevenshteinMatcher("cervantes").matches("crevante"));
}

TEST(WordSignature, NeverExcludesAWordWithinTheEditDistance)
{
    std::mt19937 random(20'26);
    const std::u32string letters = U"abcdeñßжz日9";
    const auto any = [&](std::size_t count) { return random() % count; };
    const auto utf8 = [](const std::u32string& word) {
        std::string text;
        for (const auto letter : word)
            append_code_point(text, static_cast<UChar32>(letter));
        return text;
    };
    for (int round = 0; round < 20'000; ++round) {
        std::u32string word;
        for (auto length = 1 + any(40); word.size() < length;)
            word += letters[any(letters.size())];
        auto other = word;
        const auto edits = static_cast<unsigned>(any(3));
        for (unsigned edit = 0; edit < edits; ++edit) {
            const auto at = any(other.size());
            switch (any(4)) {
            case 0:
                other.insert(at, 1, letters[any(letters.size())]);
                break;
            case 1:
                other.erase(at, other.size() > 1 ? 1 : 0);
                break;
            case 2:
                other[at] = letters[any(letters.size())];
                break;
            default:
                std::swap(other[at], other[at == 0 ? 0 : at - 1]);
            }
        }
        ASSERT_FALSE(WordSignature(utf8(word)).exceeds(edits, WordSignature(utf8(other))))
            << utf8(word) << " " << utf8(other) << " " << edits;
    }
}

TEST(WordSignature, ExcludesWordsWithOtherLettersOrLengths)
{
    const auto far = [](unsigned edits, const char* word, const char* other) {
        return WordSignature(word).exceeds(edits, WordSignature(other));
    };
    EXPECT_TRUE(far(0, "sol", "son"));
    EXPECT_FALSE(far(1, "sol", "son"));
    EXPECT_TRUE(far(1, "cantar", "contad"));
    EXPECT_TRUE(far(2, "historia", "historiador")); // three more letters
    EXPECT_TRUE(far(2, "historiador", "historia"));
    EXPECT_FALSE(far(2, "historia", "historiado"));
}

} // namespace
} // namespace estante::analysis
