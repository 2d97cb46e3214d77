#pragma once

#include "operations/books/book_sort.hpp"
#include "operations/books/book_view.hpp"

#include <vector>

namespace estante::books {

struct SearchBooks {
    std::optional<Text<1, 200>> q{}; // absent: all books that pass the filters
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
                      (q, category, min_price, max_price, year_from, year_to, language, in_stock, sort, cursor, limit))

struct CategoryCount {
    std::string category;
    std::uint64_t count = 0;

    bool operator==(const CategoryCount&) const = default;
};
BOOST_DESCRIBE_STRUCT(CategoryCount, (), (category, count))

struct Facets {
    std::vector<CategoryCount> categories{}; // of all matches, most frequent first
};
BOOST_DESCRIBE_STRUCT(Facets, (), (categories))

struct FoundBooks {
    std::vector<BookView> items{};
    std::uint64_t total = 0; // over all pages, as the index has them
    Facets facets;
    Nullable<PageToken> next_cursor;
};
BOOST_DESCRIBE_STRUCT(FoundBooks, (), (items, total, facets, next_cursor))

// Books by the words of their titles, contributors and descriptions, as the store has them now; the index follows the
// store within moments. Errors: invalid (a range whose end lies before its beginning).
Task<Result<FoundBooks>> search_books(const Caller& caller, const SearchBooks& request, TenantItems& items,
                                      SearchIndex& index);

} // namespace estante::books
