// The books that both engines are filled with: goodbooks-10k as the demonstration sells it, and all works of Project
// Gutenberg.
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
