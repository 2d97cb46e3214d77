#pragma once

#include "codec/shapes.hpp"
#include "domain/book.hpp"
#include "domain/caller.hpp"
#include "ports/search_index.hpp"

#include <boost/describe.hpp>

#include <string>
#include <vector>

namespace estante::books {

struct SuggestBooks {
    Text<1, 100> prefix;
    Or<Int<1, 10>, 10> limit{};
};
BOOST_DESCRIBE_STRUCT(SuggestBooks, (), (prefix, limit))

struct SuggestedBook {
    std::string title;
    BookId book_id;

    bool operator==(const SuggestedBook&) const = default;
};
BOOST_DESCRIBE_STRUCT(SuggestedBook, (), (title, book_id))

struct SuggestedBooks {
    std::vector<SuggestedBook> items{};
};
BOOST_DESCRIBE_STRUCT(SuggestedBooks, (), (items))

// Titles that complete the typed prefix, best first.
Task<Result<SuggestedBooks>> suggest_books(const Caller& caller, const SuggestBooks& request, SearchIndex& index);

} // namespace estante::books
