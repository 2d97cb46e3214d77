#pragma once

#include "ports/search_index.hpp"
#include "records/books_with_stock.hpp"

namespace estante {

// What the search index knows of a book. Its version grows with every change of entry, price or availability.
SearchDocument search_document_of(const StockedBook& book);

} // namespace estante
