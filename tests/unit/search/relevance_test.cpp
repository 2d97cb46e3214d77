#include "adapters/search/searcher.hpp"
#include "adapters/search/tenant_index.hpp"
#include "books.hpp"
#include "reference_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace estante::search {
namespace {

using Books = std::map<std::string, SearchDocument>;

std::vector<std::string> queries()
{
    return {"historia",
            "casa noche",
            "amor amor la mar",
            "the of love night",
            "Márquez",
            "García historia",
            "日本 ☺",
            "canción luces",
            "no such words",
            "el la de",
            "Quijote Cervantes",
            "niños niño",
            "Müller casas luz",
            "años soledad",
            "historia casa",
            "a historia zzz",
            "mar viento sombra",
            "noche noche noche",
            "ciudad PERROS",
            "gracia marquez",
            "hsitoria",
            "ninos",
            "Cervanttes islabel",
            "canciòn",
            "Isabel Allende amor"};
}

// Compares the first ten hits with their scores, the total and the facets with the reference. Empty: all are equal.
std::string difference(const Snapshot& snapshot, const Books& books, SearchQuery query, Ranking ranking,
                       const ReferenceRules& rules = {})
{
    query.limit = 10;
    const auto page = search_snapshot(snapshot, query, collation(), ranking).value();
    auto expected = reference_search(books, query, rules);
    if (page.total != expected.hits.size())
        return query.text + ": the total is " + std::to_string(page.total) + ", not " +
               std::to_string(expected.hits.size());
    expected.hits.resize(std::min<std::size_t>(expected.hits.size(), 10));
    if (page.hits != expected.hits)
        return query.text + ": other hits or scores";
    if (page.facets != expected.facets)
        return query.text + ": other facets";
    return {};
}

class Relevance : public testing::TestWithParam<Ranking> {
protected:
    void expect_equal(const TenantIndex& index, const Books& books)
    {
        for (const auto matching : {Matching::plain, Matching::tolerant})
            for (const auto& text : queries())
                EXPECT_EQ(difference(*index.snapshot(), books, {.text = text, .matching = matching}, GetParam()), "");
    }
};

INSTANTIATE_TEST_SUITE_P(EachWay, Relevance,
                         testing::Values(Ranking::automatic, Ranking::exhaustive, Ranking::max_score),
                         [](const auto& way) {
                             return way.param == Ranking::automatic    ? "quickest"
                                    : way.param == Ranking::exhaustive ? "exhaustive"
                                                                       : "max_score";
                         });

TEST_P(Relevance, EqualsTheReferenceBitForBit)
{
    BookGenerator maker(1);
    Books books;
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < 600; ++number) {
        documents.push_back(maker.make(number));
        books[documents.back().book_id] = documents.back();
    }
    TenantIndex index(collation(), {});
    index.rebuild(documents);
    expect_equal(index, books);
}

TEST_P(Relevance, EqualsTheReferenceAfterUpdatesAndRemovals)
{
    BookGenerator maker(2);
    Books books;
    TenantIndex index(collation(), {.max_segment_documents = 150, .max_inline_merge = 40});
    std::uint64_t version = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<IndexChange> changes;
        for (std::size_t count = 1 + maker.below(20); count > 0; --count) {
            auto document = maker.make(maker.below(300), ++version);
            if (maker.below(4) == 0) {
                books.erase(document.book_id);
                changes.push_back({.book_id = document.book_id, .version = version});
            } else {
                books[document.book_id] = document;
                changes.push_back(put(std::move(document)));
            }
        }
        index.apply(std::move(changes));
        if (round % 7 == 0)
            index.run_background_merge();
        if (round % 20 == 19)
            expect_equal(index, books);
    }
    EXPECT_GT(index.snapshot()->segments.size(), 1U);
    EXPECT_EQ(index.snapshot()->live_count(), books.size());
}

TEST_P(Relevance, EqualsLucene)
{
    std::vector<SearchDocument> documents;
    for (const auto& line : lines_of("lucene_books.tsv")) {
        const auto columns = split(line, '\t');
        documents.push_back(book(columns[0], columns[1], columns[2], columns[3]));
        documents.back().rating = std::stod(columns[4]) / 100;
    }
    TenantIndex index(collation(), {.max_segment_documents = 128});
    index.rebuild(documents);
    std::size_t compared = 0;
    for (const auto& line : lines_of("lucene_ranking.tsv")) {
        const auto columns = split(line, '\t');
        const auto page =
            search_snapshot(*index.snapshot(), {.text = columns[0], .limit = 10}, collation(), GetParam()).value();
        if (columns[1] == "-") {
            EXPECT_EQ(page.total, 0U);
            continue;
        }
        std::string result = std::to_string(page.total);
        for (const auto& hit : page.hits) {
            char bits[16];
            std::snprintf(bits, sizeof bits, "%x", std::bit_cast<std::uint32_t>(hit.score));
            result += ' ' + hit.book_id + ':' + bits;
        }
        EXPECT_EQ(result, columns[1]) << columns[0];
        ++compared;
    }
    EXPECT_GT(compared, 100U);
}

TEST_P(Relevance, CountsTermFrequenciesOfSeveralHundred)
{
    BookGenerator maker(8);
    Books books;
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < 300; ++number) {
        documents.push_back(maker.make(number));
        for (std::size_t count = number % 100 == 7 ? 240 + number : 0; count > 0; --count)
            documents.back().description += " historia";
        books[documents.back().book_id] = documents.back();
    }
    TenantIndex index(collation(), {});
    index.rebuild(documents);
    expect_equal(index, books);
}

// Posting lists with several blocks and bit sets exist only in larger indexes.
TEST(MaxScoreRanker, EqualsExhaustiveRankingInALargeIndex)
{
    BookGenerator maker(9);
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < 5000; ++number)
        documents.push_back(maker.make(number));
    TenantIndex index(collation(), {.max_segment_documents = 3000});
    index.rebuild(documents);
    std::vector<IndexChange> changes;
    for (std::size_t number = 0; number < 500; ++number)
        changes.push_back(put(maker.make(number * 9, 2)));
    index.apply(changes);
    const auto snapshot = index.snapshot();
    for (int count = 0; count < 300; ++count) {
        SearchQuery query{.text = maker.words(1 + maker.below(5)), .limit = 1 + maker.below(30)};
        if (count % 3 == 0)
            query.category = "Novela";
        for (int pages = 0; pages < 3; ++pages) {
            const auto pruned = search_snapshot(*snapshot, query, collation(), Ranking::max_score).value();
            const auto exhaustive = search_snapshot(*snapshot, query, collation(), Ranking::exhaustive).value();
            ASSERT_EQ(pruned.hits, exhaustive.hits) << query.text;
            ASSERT_EQ(pruned.total, exhaustive.total);
            ASSERT_EQ(pruned.next, exhaustive.next);
            if (!pruned.next)
                break;
            query.after = pruned.next;
        }
    }
}

TEST(RelevanceCheck, DetectsAnotherBoostOrStopWord)
{
    BookGenerator maker(3);
    Books books;
    std::vector<SearchDocument> documents;
    for (std::size_t number = 0; number < 200; ++number) {
        documents.push_back(maker.make(number));
        books[documents.back().book_id] = documents.back();
    }
    TenantIndex index(collation(), {});
    index.rebuild(documents);
    const auto snapshot = index.snapshot();
    const SearchQuery query{.text = "historia casa"};
    EXPECT_EQ(difference(*snapshot, books, query, Ranking::automatic), "");
    EXPECT_NE(difference(*snapshot, books, query, Ranking::automatic, {.boosts = {3.0F, 2.001F, 1.0F}}), "");
    EXPECT_NE(difference(*snapshot, books, query, Ranking::automatic, {.more_stop_words = {"noch"}}), "");
    EXPECT_NE(difference(*snapshot, books, query, Ranking::automatic, {.more_stop_words = {"hist", "histori"}}), "");
}

TEST(Relevance, FindsNothingForAQueryOfStopWords)
{
    TenantIndex index(collation(), {});
    index.rebuild({book("book_1", "La casa de la a")});
    EXPECT_EQ(search_snapshot(*index.snapshot(), {.text = "la de"}, collation()).value().total, 0U);
    EXPECT_EQ(search_snapshot(*index.snapshot(), {.text = "   "}, collation()).value().total, 0U);
    EXPECT_EQ(search_snapshot(*index.snapshot(), {.text = ""}, collation()).value().total, 1U);
}

TEST(Relevance, CountsOnlyBooksWithTermsInTheField)
{
    TenantIndex index(collation(), {});
    index.rebuild({book("book_1", "uno"), book("book_2", "dos", "Autora"), book("book_3", "la de", "Autora"),
                   book("book_4", "")});
    EXPECT_EQ(index.snapshot()->statistics[0], (FieldStatistics{.document_count = 2, .term_count = 2}));
    EXPECT_EQ(index.snapshot()->statistics[1], (FieldStatistics{.document_count = 2, .term_count = 2}));
    EXPECT_EQ(index.snapshot()->statistics[2], FieldStatistics{});
}

TEST(Relevance, OrdersEqualScoresByRatingThenId)
{
    std::vector<SearchDocument> books{book("book_c", "igual"), book("book_b", "igual"), book("book_a", "igual")};
    books[0].rating = 5;
    TenantIndex index(collation(), {.max_segment_documents = 1});
    index.rebuild(books);
    const auto page = search_snapshot(*index.snapshot(), {.text = "igual"}, collation()).value();
    ASSERT_EQ(page.hits.size(), 3U);
    EXPECT_EQ(page.hits[0].book_id, "book_c");
    EXPECT_EQ(page.hits[1].book_id, "book_a");
    EXPECT_EQ(page.hits[2].book_id, "book_b");
    EXPECT_EQ(page.hits[0].score, page.hits[2].score);
}

} // namespace
} // namespace estante::search
