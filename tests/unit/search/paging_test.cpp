#include "adapters/search/search_cursor.hpp"
#include "adapters/search/searcher.hpp"
#include "adapters/search/tenant_index.hpp"
#include "books.hpp"
#include "reference_search.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace estante::search {
namespace {

constexpr SearchSort all_sorts[] = {SearchSort::relevance,        SearchSort::rating, SearchSort::price,
                                    SearchSort::price_descending, SearchSort::year,   SearchSort::title,
                                    SearchSort::updated};

class Paging : public testing::Test {
protected:
    Paging()
    {
        BookGenerator maker(4);
        std::vector<SearchDocument> documents;
        for (std::size_t number = 0; number < 350; ++number)
            documents.push_back(maker.make(number));
        index_.rebuild(documents);
        std::vector<IndexChange> changes;
        for (std::size_t number = 0; number < 350; number += 9)
            changes.push_back(number % 2 == 0 ? removal("book_" + std::to_string(10'000 + number))
                                              : put(maker.make(number, 2)));
        for (const auto& document : documents)
            books_[document.book_id] = document;
        for (const auto& change : changes) {
            books_.erase(change.book_id);
            if (change.document)
                books_[change.book_id] = *change.document;
        }
        index_.apply(changes);
    }

    SearchPage search(const SearchQuery& query) const
    {
        return search_snapshot(*index_.snapshot(), query, collation()).value();
    }
    // The hits of all pages.
    std::vector<SearchHit> walk(SearchQuery query) const
    {
        std::vector<SearchHit> hits;
        const auto total = search(query).total;
        for (std::size_t pages = 0; pages < 1000; ++pages) {
            const auto page = search(query);
            EXPECT_EQ(page.total, total);
            EXPECT_FALSE(page.hits.empty() && query.after);
            hits.insert(hits.end(), page.hits.begin(), page.hits.end());
            if (!page.next)
                return hits;
            EXPECT_EQ(page.hits.size(), query.limit);
            query.after = page.next;
        }
        ADD_FAILURE() << "the pages do not end";
        return hits;
    }

    TenantIndex index_{collation(), {.max_segment_documents = 100, .max_inline_merge = 20}};
    std::map<std::string, SearchDocument> books_;
};

TEST_F(Paging, ReturnsEachHitOnceInEverySortOrder)
{
    for (const auto sort : all_sorts)
        for (const auto& text : {"", "historia amor", "noche"})
            for (const std::size_t limit : {1U, 7U, 100U}) {
                const SearchQuery query{.text = text, .sort = sort, .limit = limit};
                EXPECT_EQ(walk(query), reference_search(books_, query).hits)
                    << "order " << static_cast<int>(sort) << ", text " << text << ", limit " << limit;
            }
}

TEST_F(Paging, FiltersByEachField)
{
    const std::vector<std::function<void(SearchQuery&)>> filters{
        [](auto& query) { query.category = "Novela"; },
        [](auto& query) { query.category = "No tal"; },
        [](auto& query) { query.author = "Isabel Allende"; },
        [](auto& query) { query.author = "Isabel"; },
        [](auto& query) { query.language = "en"; },
        [](auto& query) { query.isbn = "9788437604572"; },
        [](auto& query) { query.isbn = "9780000000000"; },
        [](auto& query) { query.min_price_cents = 900; },
        [](auto& query) { query.max_price_cents = 1200; },
        [](auto& query) { query.min_price_cents = 2000, query.max_price_cents = 1000; },
        [](auto& query) { query.year_from = -300, query.year_to = 1910; },
        [](auto& query) { query.year_from = 1950; },
        [](auto& query) { query.in_stock = true; },
        [](auto& query) { query.in_stock = false; },
        [](auto& query) { query.updated_since_ms = 1'700'000'030'000; },
        [](auto& query) {
            query.category = "Ensayo", query.in_stock = true, query.min_price_cents = 700, query.language = "es";
        },
    };
    std::size_t found = 0;
    for (std::size_t number = 0; number < filters.size(); ++number)
        for (const auto& text : {"", "historia casa noche"}) {
            SearchQuery query{.text = text, .limit = 100};
            filters[number](query);
            const auto page = search(query);
            const auto expected = reference_search(books_, query);
            EXPECT_EQ(page.total, expected.hits.size()) << "filter " << number;
            EXPECT_EQ(page.facets, expected.facets) << "filter " << number;
            EXPECT_EQ(walk(query), expected.hits) << "filter " << number;
            found += page.total;
        }
    EXPECT_GT(found, 500U);
}

TEST_F(Paging, OmitsFacetsUnlessRequested)
{
    EXPECT_FALSE(search({.text = "historia"}).facets.categories.empty());
    EXPECT_TRUE(search({.text = "historia", .facets = false}).facets.categories.empty());
    EXPECT_EQ(search({.text = "historia", .facets = false}).total, search({.text = "historia"}).total);
}

TEST_F(Paging, RejectsInvalidCursorsAndCursorsOfAnotherOrder)
{
    const auto by_price = search({.sort = SearchSort::price, .limit = 1}).next.value();
    const auto by_relevance = search({.text = "historia", .limit = 1}).next.value();
    const auto by_title = search({.sort = SearchSort::title, .limit = 1}).next.value();
    const std::vector<std::string> bad{"",
                                       "x",
                                       "relevance",
                                       "relevance zz 0 book_1",
                                       "relevance 7fc00000 0 book_1",
                                       "relevance 3f800000 7ff8000000000000 book_1",
                                       "relevance 3f800000 0 ",
                                       by_price,
                                       by_title,
                                       std::string("\0\xFF", 2),
                                       std::string(10'000, '9')};
    for (const auto& cursor : bad) {
        const auto page = search_snapshot(*index_.snapshot(), {.text = "historia", .after = cursor}, collation());
        ASSERT_FALSE(page.has_value()) << cursor;
        EXPECT_EQ(page.error().code, Errc::invalid);
        ASSERT_EQ(page.error().faults.size(), 1U);
        EXPECT_EQ(page.error().faults[0].pointer, "?cursor");
    }
    for (const auto& cursor : {by_relevance, std::string("price x book_1"), std::string("price 9999999999999999999 b"),
                               std::string("price 5"), std::string("year 5 book_1")})
        EXPECT_FALSE(search_snapshot(*index_.snapshot(), {.sort = SearchSort::price, .after = cursor}, collation()));
    for (const auto& cursor :
         {std::string("title 0 x"), std::string("title 90 book_1"), std::string("title -1 book_1")})
        EXPECT_FALSE(search_snapshot(*index_.snapshot(), {.sort = SearchSort::title, .after = cursor}, collation()));
    EXPECT_TRUE(search_snapshot(*index_.snapshot(), {.text = "historia", .after = by_relevance}, collation()));
}

TEST_F(Paging, RejectsLimitsOutsideOneToOneHundred)
{
    for (const std::size_t limit : {0U, 101U}) {
        const auto page = search_snapshot(*index_.snapshot(), {.limit = limit}, collation());
        ASSERT_FALSE(page.has_value());
        EXPECT_EQ(page.error().faults.at(0).pointer, "?limit");
    }
}

TEST_F(Paging, ContinuesAfterACursorWhoseBookWasRemoved)
{
    const SearchQuery query{.sort = SearchSort::title, .limit = 5};
    const auto first = search(query);
    index_.apply({removal(first.hits.back().book_id)});
    auto rest = query;
    rest.after = first.next;
    books_.erase(first.hits.back().book_id);
    const auto expected = reference_search(books_, query).hits;
    EXPECT_EQ(walk(rest), (std::vector<SearchHit>(expected.begin() + 4, expected.end())));
}

TEST(TitleOrder, FollowsTheSpanishCollation)
{
    TenantIndex index(collation(), {.max_segment_documents = 2});
    index.rebuild({book("book_1", "Ñandú"), book("book_2", "Zapato"), book("book_3", "nube"), book("book_4", "Ábaco"),
                   book("book_5", "abeto"), book("book_6", "obra")});
    std::string order;
    for (const auto& hit : search_snapshot(*index.snapshot(), {.sort = SearchSort::title}, collation()).value().hits)
        order += hit.book_id.back();
    EXPECT_EQ(order, "453162");
}

TEST(SearchCursor, RoundTripsAnyIdAndTitle)
{
    const SortCursor odd{.key = 0, .title = std::string(" a b\0c \xF0\x9F", 9), .book_id = "book 7 with spaces"};
    EXPECT_EQ(decode_sort_cursor(SearchSort::title, encode(SearchSort::title, odd)), odd);
    const SortCursor cheap{.key = -1999, .book_id = "book 7"};
    EXPECT_EQ(decode_sort_cursor(SearchSort::price_descending, encode(SearchSort::price_descending, cheap)), cheap);
    const RelevanceCursor best{.score = 41.25F, .rating = 4.35, .book_id = "book 7"};
    EXPECT_EQ(decode_relevance_cursor(encode(best)), best);
}

} // namespace
} // namespace estante::search
