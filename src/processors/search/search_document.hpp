// A book as the search index has it.
#pragma once

#include "ports/search_index.hpp"
#include "records/books_with_stock.hpp"

namespace estante {

// The version grows with every change of entry, price or availability.
SearchDocument to_search_document(const StockedBook& book);

} // namespace estante
