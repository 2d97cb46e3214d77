// The words of a query, held against the words of a text: what is marked in an answer, and what was perhaps meant.
#pragma once

#include "analysis/spelling.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

// Text for a page: HTML whose only tags are <em> and </em> around the words that match; the rest is escaped.
class Highlighter {
public:
    // `near`: words that are nearly spelled like one of the query match too, and accents do not count.
    Highlighter(std::string_view query, bool near);

    // The whole text; nothing when no word of it matches.
    std::optional<std::string> whole(std::string_view text);
    // About `letters` code points of it around the first word that matches, "…" where something is left out.
    std::optional<std::string> part(std::string_view text, std::size_t letters = 200);

private:
    struct Place {
        std::size_t begin;
        std::size_t end;
    };
    bool matches(std::string_view word);
    std::vector<Place> places_in(std::string_view text);

    bool near_;
    std::vector<std::string> terms_; // of the query; without accents if `near`
    std::vector<Spelling> spellings_;
};

// "Did you mean": the query with each word that was seen in no text replaced by the nearest one that a book nearly
// matching has.
class Correction {
public:
    explicit Correction(std::string_view query);

    // A text: its words are spelled well.
    void saw(std::string_view text);
    // So are all words but those of these terms (analyzer.hpp).
    void saw_all_but(std::span<const std::string> terms);
    // The words of the query that were seen in no text, as typed, each term once.
    std::vector<std::string> unseen() const;
    bool is_wanted() const { return !unseen().empty(); }
    // A text of a book that nearly matches, the best first.
    void offer(std::string_view text);
    // Nothing when no word was replaced.
    std::optional<std::string> corrected() const;

private:
    struct Word {
        std::size_t begin; // in the query
        std::size_t end;
        std::string typed; // its term
        std::string term;  // the same without accents
        Spelling spelling; // of it
        bool seen = false;
        unsigned distance;         // of the replacement
        std::string replacement{}; // in lower case
    };
    std::string query_;
    std::vector<Word> words_;
};

} // namespace estante::analysis
