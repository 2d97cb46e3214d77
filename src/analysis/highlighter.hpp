// Highlights the words of a text that match a query.
#pragma once

#include "analysis/levenshtein_matcher.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

// Output is HTML whose only tags are <em> and </em> around the matching words. Everything else is escaped.
class Highlighter {
public:
    // `fuzzy`: words within the edit distance of a query word match too (levenshtein_matcher.hpp), and accents are
    // ignored.
    Highlighter(std::string_view query, bool fuzzy);

    // The whole text. nullopt: no word matches.
    std::optional<std::string> highlight(std::string_view text);
    // A fragment of about `length` code points around the first matching word, with "…" where text is left out.
    // nullopt: no word matches.
    std::optional<std::string> highlight_fragment(std::string_view text, std::size_t length = 200);

private:
    struct Match {
        std::size_t begin;
        std::size_t end;
    };
    bool matches(std::string_view word);
    std::vector<Match> find_matches(std::string_view text);

    bool fuzzy_;
    std::vector<std::string> terms_; // of the query; accents folded if `fuzzy_`
    std::vector<LevenshteinMatcher> matchers_;
};

} // namespace estante::analysis
