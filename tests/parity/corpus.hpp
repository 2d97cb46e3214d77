// The books that both engines index: goodbooks-10k as in the demonstration, and all works of Project Gutenberg.
#pragma once

#include "ports/search_index.hpp"

#include <string>
#include <vector>

namespace estante::parity {

struct Corpus {
    std::string name{};
    std::vector<SearchDocument> documents{};
};

Corpus goodbooks();
// `file`: bench/data/gutenberg_all.csv.gz, or a part of it.
Corpus gutenberg(const std::string& file);

} // namespace estante::parity
