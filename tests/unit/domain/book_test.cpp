#include "domain/book.hpp"

#include <gtest/gtest.h>

namespace estante {
namespace {

Contributor of(const char* name, ContributorRole role)
{
    Contributor contributor;
    contributor.name.value = name;
    contributor.role.value = role;
    return contributor;
}

TEST(AuthorLine, HasOnlyTheAuthors)
{
    BookEntry entry;
    entry.contributors = {of("Edgar Allan Poe", ContributorRole::author),
                          of("Julio Cortázar", ContributorRole::translator), of("Otro Autor", ContributorRole::author)};
    EXPECT_EQ(author_line(entry), "Edgar Allan Poe, Otro Autor");
}

TEST(AuthorLine, HasAllContributorsIfNoneIsAnAuthor)
{
    BookEntry entry;
    entry.contributors = {of("Una Editora", ContributorRole::editor),
                          of("Un Ilustrador", ContributorRole::illustrator)};
    EXPECT_EQ(author_line(entry), "Una Editora, Un Ilustrador");
    entry.contributors.clear();
    EXPECT_EQ(author_line(entry), "");
}

TEST(LanguageCode, IsTwoLowerCaseLetters)
{
    EXPECT_EQ(LanguageCode::parse("es")->value, "es");
    for (const auto* text : {"", "e", "spa", "ES", "e1", "é", "es "})
        EXPECT_EQ(LanguageCode::parse(text), std::nullopt) << text;
}

TEST(Stock, IsInStockWithAtLeastOneCopy)
{
    Stock stock;
    EXPECT_FALSE(stock.in_stock());
    stock.on_hand = 1;
    EXPECT_TRUE(stock.in_stock());
}

} // namespace
} // namespace estante
