// "Did you mean": suggests a spelling correction of a query.
#pragma once

#include "analysis/levenshtein_matcher.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

// Replaces each unknown word of the query, one that no book of the shop has, by the closest word of a book that matches
// the query approximately.
class QueryCorrection {
public:
    explicit QueryCorrection(std::string_view query);

    // Marks the words of a book's text as known.
    void mark_known(std::string_view text);
    // Marks all words of the query as known, except those with one of these terms (analyzer.hpp).
    void mark_known_except(std::span<const std::string> unknown_terms);
    // The unknown words of the query as typed, each term once.
    std::vector<std::string> unknown_words() const;
    bool has_unknown_words() const { return !unknown_words().empty(); }
    // Takes the words of a text of an approximately matching book as candidates. Of equally close words the first wins.
    void add_candidates(std::string_view text);
    // The corrected query. nullopt: no word was replaced.
    std::optional<std::string> corrected() const;

private:
    struct Word {
        std::size_t begin; // in the query
        std::size_t end;
        std::string term;
        std::string folded_term;    // without accents
        LevenshteinMatcher matcher; // of folded_term
        bool known = false;
        unsigned distance;         // of the replacement
        std::string replacement{}; // in lower case
    };
    std::string query_;
    std::vector<Word> words_;
};

} // namespace estante::analysis
