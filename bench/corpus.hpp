// The books of the search benchmarks: the 88,511 works of tests/parity, and varied copies of them.
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

// goodbooks-10k and all of Project Gutenberg, as one shop with new ids.
std::vector<SearchDocument> load_works();

// `count` books with distinct ids: the works, then varied copies of them. In a copy about every third word of the title
// is replaced by a word of another title, and some authors are exchanged; rating, price, year and stock are random.
std::vector<SearchDocument> make_books(const std::vector<SearchDocument>& works, std::size_t count,
                                       std::mt19937_64& random);

// Realistic search texts: one to eight words, some misspelled, a few unusual.
std::vector<std::string> make_query_texts(const std::vector<SearchDocument>& works, std::size_t count);

} // namespace estante::bench
