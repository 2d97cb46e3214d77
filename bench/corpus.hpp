// The books of the search measurements: the 88,511 works that both engines are compared on (tests/parity), and varied
// copies of them.
#pragma once

#include "parity/corpus.hpp"
#include "parity/queries.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace estante::bench {

inline constexpr std::uint64_t corpus_seed = 20'261'128;

// goodbooks-10k and all of Project Gutenberg, as one shop, with ids of their own.
std::vector<SearchDocument> all_works();

// So many books with different ids: the works, then copies of them. Of a copy's title every third word or so is another
// title's, and some authors are others'; rating, price, year and stock differ.
std::vector<SearchDocument> varied_copies(const std::vector<SearchDocument>& works, std::size_t count,
                                          std::mt19937_64& random);

// Texts as people type them, one to eight words, some misspelled, a few odd; no filters, plain ranking by relevance.
std::vector<std::string> typed_queries(const std::vector<SearchDocument>& works, std::size_t count);

} // namespace estante::bench
