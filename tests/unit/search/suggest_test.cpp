#include "adapters/search/completion_index.hpp"
#include "adapters/search/fuzzy_prefix.hpp"
#include "adapters/search/searcher.hpp"
#include "adapters/search/tenant_index.hpp"
#include "analysis/completion_analysis.hpp"
#include "books.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace estante::search {
namespace {

using analysis::completion_input;
using analysis::completion_key;

using Texts = std::vector<std::string>;

SearchDocument rated(std::string id, std::string title, double rating)
{
    auto document = book(std::move(id), std::move(title));
    document.rating = rating;
    return document;
}

class Suggest : public testing::Test {
protected:
    Suggest()
    {
        index_.rebuild({rated("book_1", "Don Quijote de la Mancha", 4.5), rated("book_2", "Don Juan Tenorio", 3),
                        rated("book_3", "Doña Bárbara", 4), rated("book_4", "La sombra del viento", 4.8),
                        rated("book_5", "Donde el corazón te lleve", 5), rated("book_6", "1984", 5),
                        rated("book_7", "Don Juan Tenorio", 3), rated("book_8", "The Art of Don Quijote", 5)});
    }
    Texts titles(const std::string& prefix, std::size_t limit = 10) const
    {
        Texts titles;
        for (const auto& suggestion : suggest_titles(*index_.snapshot(), prefix, limit).value())
            titles.push_back(suggestion.title);
        return titles;
    }

    TenantIndex index_{collation(), {.max_segment_documents = 3}};
};

TEST_F(Suggest, OrdersByRating)
{
    EXPECT_EQ(titles("do", 3), (Texts{"Donde el corazón te lleve", "Don Quijote de la Mancha", "Doña Bárbara"}));
}

TEST_F(Suggest, SuggestsEqualTitlesOfDifferentBooks)
{
    const auto suggestions = suggest_titles(*index_.snapshot(), "Don J", 10).value();
    ASSERT_GE(suggestions.size(), 2U);
    EXPECT_EQ(suggestions[0], (Suggestion{"Don Juan Tenorio", "book_2"}));
    EXPECT_EQ(suggestions[1], (Suggestion{"Don Juan Tenorio", "book_7"}));
}

TEST_F(Suggest, MatchesLettersFromTheStartOfTheTitle)
{
    EXPECT_EQ(titles("  DON--quij", 1), Texts{"Don Quijote de la Mancha"});
    EXPECT_EQ(titles("sombra"), Texts{}); // a later word
    EXPECT_EQ(titles("1984"), Texts{});   // no letters
    EXPECT_EQ(titles(""), Texts{});
}

TEST_F(Suggest, AllowsOneEditFromThreeLettersAndTwoFromSix)
{
    EXPECT_EQ(titles("dn"), Texts{});
    EXPECT_EQ(titles("dpn q"), Texts{"Don Quijote de la Mancha"});     // replaced
    EXPECT_EQ(titles("odn q"), Texts{});                               // the first letter must be equal
    EXPECT_EQ(titles("don qiujo"), Texts{"Don Quijote de la Mancha"}); // swapped
    EXPECT_EQ(titles("don kixote"), Texts{});                          // three
    EXPECT_EQ(titles("dom quigote"), Texts{"Don Quijote de la Mancha"});
    EXPECT_EQ(titles("la sonbra"), Texts{"La sombra del viento"});
    EXPECT_EQ(titles("dona barb"), Texts{"Doña Bárbara"}); // an accent is an edit
}

TEST_F(Suggest, RanksExactPrefixesFirst)
{
    EXPECT_EQ(titles("don j"), (Texts{"Don Juan Tenorio", "Don Juan Tenorio", "Don Quijote de la Mancha"}));
}

TEST_F(Suggest, OmitsRemovedBooks)
{
    EXPECT_EQ(titles("don quij"), Texts{"Don Quijote de la Mancha"});
    index_.apply({removal("book_1")});
    EXPECT_EQ(titles("don quij"), Texts{});
}

TEST_F(Suggest, RejectsLimitsOutsideOneToTen)
{
    for (const std::size_t limit : {0U, 11U})
        EXPECT_EQ(suggest_titles(*index_.snapshot(), "do", limit).error().faults.at(0).pointer, "?limit");
}

TEST(CompletionInput, IsTheFirst50UnitsWithoutCuttingASurrogatePair)
{
    EXPECT_EQ(completion_input(std::string(60, 'a')).size(), 50U);
    EXPECT_EQ(completion_input(std::string(49, 'a') + "😀b").size(), 49U + 4);
    EXPECT_EQ(completion_key(completion_input(std::string(50, 'a') + "b")), std::string(50, 'a'));
}

TEST(CompletionKey, HasLowerCaseLettersAndOneSpaceBetweenWords)
{
    EXPECT_EQ(completion_key("  ¡Árbol, de la 2ª CIENCIA!"), "árbol de la ª ciencia");
    EXPECT_EQ(completion_key("l'amour"), "l amour");
    EXPECT_EQ(completion_key("\xFF 12 \xC3"), "");
}

// The distance by definition, without shared rows.
std::size_t distance(const std::string& left, const std::string& right)
{
    std::vector<std::vector<std::size_t>> cells(left.size() + 1, std::vector<std::size_t>(right.size() + 1));
    for (std::size_t row = 0; row <= left.size(); ++row)
        for (std::size_t column = 0; column <= right.size(); ++column) {
            auto& cell = cells[row][column];
            if (row == 0 || column == 0) {
                cell = row + column;
                continue;
            }
            const std::size_t differs = left[row - 1] == right[column - 1] ? 0 : 1;
            cell = std::min(
                {cells[row - 1][column] + 1, cells[row][column - 1] + 1, cells[row - 1][column - 1] + differs});
            if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                cell = std::min(cell, cells[row - 2][column - 2] + 1);
        }
    return cells[left.size()][right.size()];
}

bool has_fuzzy_prefix(const std::string& text, const std::string& typed, unsigned edits)
{
    if (text.empty() || text[0] != typed[0])
        return false;
    for (std::size_t length = 1; length <= text.size(); ++length)
        if (distance(text.substr(1, length - 1), typed.substr(1)) <= edits)
            return true;
    return false;
}

TEST(FuzzyPrefix, EqualsTheDefinition)
{
    BookGenerator maker(5);
    Texts texts;
    for (int count = 0; count < 400; ++count) {
        std::string text;
        for (auto length = 1 + maker.below(7); length > 0; --length)
            text += static_cast<char>('a' + maker.below(3));
        texts.push_back(text);
    }
    std::ranges::sort(texts);
    PackedStrings sorted;
    for (const auto& text : texts)
        sorted.add(text);
    std::size_t found = 0;
    for (int count = 0; count < 300; ++count) {
        const auto typed = texts[maker.below(texts.size())] + (count % 2 == 0 ? "b" : "");
        const auto edits = static_cast<unsigned>(1 + count % 2);
        std::vector<bool> near(texts.size());
        for (const auto& range : find_fuzzy_prefixes(sorted, std::u32string(typed.begin(), typed.end()), edits))
            for (auto at = range.begin; at < range.end; ++at) {
                EXPECT_FALSE(near[at]) << "ranges overlap";
                near[at] = true;
                ++found;
            }
        for (std::size_t at = 0; at < texts.size(); ++at)
            ASSERT_EQ(near[at], has_fuzzy_prefix(texts[at], typed, edits))
                << texts[at] << " for " << typed << ", " << edits;
    }
    EXPECT_GT(found, 1000U);
}

} // namespace
} // namespace estante::search
