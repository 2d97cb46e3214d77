// Realistic searches, drawn from a corpus with a seed: the same in every run.
#pragma once

#include "ports/search_index.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace estante::parity {

class QueryMaker {
public:
    // The documents outlive it.
    QueryMaker(const std::vector<SearchDocument>& documents, std::uint64_t seed);

    // One to eight words of titles, authors and descriptions, with misspellings, other accents and plurals; some with
    // filters or another order, some tolerant, some without hits or without a word.
    SearchQuery next();
    // A prefix of a title, sometimes misspelled.
    std::string next_prefix();
    // A new version of a book with other fields or another text, or its deletion.
    IndexChange next_change(std::uint64_t version);

private:
    const std::vector<SearchDocument>& documents_;
    std::mt19937_64 random_;

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    const SearchDocument& random_document() { return documents_[below(documents_.size())]; }
    std::vector<std::string> words();
    std::string misspelled(std::string word);
    std::string text();
    void add_filter(SearchQuery& query);
};

} // namespace estante::parity
