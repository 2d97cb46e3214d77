#pragma once

#include "operations/books/search_books.hpp"

namespace estante::books {

struct ListCategories {};
BOOST_DESCRIBE_STRUCT(ListCategories, (), ())

// All categories of the shop with their book counts, by name.
Task<Result<ListOf<CategoryCount>>> list_categories(const Caller& caller, const ListCategories& request,
                                                    SearchIndex& index);

} // namespace estante::books
