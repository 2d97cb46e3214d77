#pragma once

#include "operations/books/book_cache.hpp"
#include "operations/books/book_sort.hpp"
#include "operations/books/book_view.hpp"
#include "ports/business_counters.hpp"

#include <vector>

namespace estante::books {

struct SearchBooks {
    // Absent: all books that match the filters. An ISBN in any format finds the books that have it.
    std::optional<Text<1, 200>> q{};
    // Ignores accents and tolerates misspelled words in titles and contributors (analysis/levenshtein_matcher.hpp).
    std::optional<bool> tolerant{};
    std::optional<bool> highlight{};
    std::optional<Text<1, 100>> category{};
    std::optional<Money> min_price{};
    std::optional<Money> max_price{};
    std::optional<Int<-3000, 2200>> year_from{};
    std::optional<Int<-3000, 2200>> year_to{};
    std::optional<LanguageCode> language{};
    std::optional<bool> in_stock{};
    Or<BookSort, BookSort::relevance> sort{};
    std::optional<PageToken> cursor{};
    PageLimit limit{};
};
BOOST_DESCRIBE_STRUCT(SearchBooks, (),
                      (q, tolerant, highlight, category, min_price, max_price, year_from, year_to, language, in_stock,
                       sort, cursor, limit))

struct CategoryCount {
    std::string category;
    std::uint64_t count = 0;

    bool operator==(const CategoryCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(CategoryCount, (), (category, count))

struct LanguageCount {
    std::string language;
    std::uint64_t count = 0;

    bool operator==(const LanguageCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(LanguageCount, (), (language, count))

struct DecadeCount {
    std::int64_t decade = 0; // its first year: 1960, -10
    std::uint64_t count = 0;

    bool operator==(const DecadeCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(DecadeCount, (), (decade, count))

// min_price is included in the band, `below` is not; the last band has no upper end. As filters both ends are included.
struct PriceBandCount {
    Money min_price;
    std::optional<Money> below;
    std::uint64_t count = 0;

    bool operator==(const PriceBandCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(PriceBandCount, (), (min_price, below, count))

// Counts over all matches of all pages; a book without the value is not counted.
struct Facets {
    std::vector<CategoryCount> categories{}; // most frequent first
    std::vector<LanguageCount> languages{};  // most frequent first
    std::vector<DecadeCount> decades{};
    std::vector<PriceBandCount> prices{};
    std::uint64_t in_stock = 0;
    std::uint64_t out_of_stock = 0;

    bool operator==(const Facets&) const = default;
};
BOOST_DESCRIBE_STRUCT(Facets, (), (categories, languages, decades, prices, in_stock, out_of_stock))

// HTML with only <em> and </em> tags, around the matches; absent without matches.
struct Highlight {
    std::optional<std::string> title{};
    std::optional<std::string> contributors{}; // joined by ", "
    std::optional<std::string> description{};  // an excerpt

    bool operator==(const Highlight&) const = default;
};
BOOST_DESCRIBE_STRUCT(Highlight, (), (title, contributors, description))

struct FoundBook {
    Shared<BookView> book{BookView{}};      // in JSON its members are inlined
    std::optional<Highlight> highlighted{}; // if requested

    bool operator==(const FoundBook&) const = default;
};
BOOST_DESCRIBE_STRUCT(FoundBook, (), (book, highlighted))

struct FoundBooks {
    std::vector<FoundBook> items{};
    std::uint64_t total = 0; // over all pages, according to the index
    Facets facets;
    // On a first page: the query with each word that no book has replaced by a similar one that some book has.
    std::optional<std::string> did_you_mean{};
    Nullable<PageToken> next_cursor;
};
BOOST_DESCRIBE_STRUCT(FoundBooks, (), (items, total, facets, did_you_mean, next_cursor))

// Finds books by the words of their titles, contributors and descriptions, and returns them as the store has them now;
// the index follows the store with a short delay. Each answered query counts as one of the shop's search queries, its
// further pages do not. Errors: invalid (a range whose end is below its start).
Task<Result<FoundBooks>> search_books(const Caller& caller, const SearchBooks& request, TenantItems& items,
                                      BookCache& known, SearchIndex& index, BusinessCounters& counters);

} // namespace estante::books
