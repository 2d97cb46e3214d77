// The two shops of the demonstration: real books with a fictitious offer (category, price, stock, description).
#pragma once

#include "adapters/catalogues/catalogue_reader.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace estante::catalogues {

enum class DemonstrationShop {
    libreria,  // 913 Spanish works of Project Gutenberg, in Spanish
    goodbooks, // the 10,000 books of goodbooks-10k, in English
};

// The catalogue files inside the program (gzip); demo/LICENSE.md has their licences.
std::span<const std::byte> demonstration_goodbooks();
std::span<const std::byte> demonstration_gutenberg_es();

// Adds what the published catalogue lacks, always the same for one source id:
// - a category (goodbooks only; Gutenberg's rows have one), from a weighted list of common shop categories;
// - a price from 5.95 to 39.95 that ends in .95, .90 or .50; a stock of 1 to 60, or of 0 for about one in 25;
// - paperback or hardcover for Gutenberg's e-books, so that stock makes sense;
// - a description in the shop's language that ends by saying that it is fictitious.
void add_fictitious_offer(Row& row, DemonstrationShop shop);

// The shop's whole catalogue with its fictitious offer; no row is refused.
std::unique_ptr<CatalogueReader> demonstration_reader(DemonstrationShop shop);

} // namespace estante::catalogues
