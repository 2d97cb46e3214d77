// How titles are completed while somebody types: the completion suggester of the document's mapping (`title.suggest`,
// analyzer `simple`). A title is indexed as the letters of its first 50 UTF-16 units, lower-cased, its words joined by
// one space. A title answers to what was typed if the form of that is a prefix of its own, or (from 3 letters on)
// within an edit of one, from 6 letters on within two, the first letter as typed. Titles without letters are not
// suggested. Sources: Elasticsearch Guide, "Completion suggester";
// org.apache.lucene.search.suggest.document.FuzzyCompletionQuery
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace estante::analysis {

inline constexpr std::size_t longest_completion = 50; // max_input_length, UTF-16 units

// The letters of a text, lower-cased, words joined by one space.
std::string completion_form(std::string_view text);

// The part of a title that is indexed: 50 UTF-16 units, or 51 if that spares a pair of surrogates.
std::string_view completion_input(std::string_view title);

// How many edits are forgiven to a form of so many code points. 0 also where no title's form is nearly as long.
constexpr unsigned completion_edits(std::size_t letters)
{
    constexpr std::size_t for_one = 3;
    constexpr std::size_t for_two = 6;
    constexpr std::size_t longest = longest_completion + 3;
    return letters < for_one || letters > longest ? 0 : letters < for_two ? 1 : 2;
}

// What a suggestion is weighed by: hundredths of a star.
std::int64_t completion_weight(double rating);

// Of titles that answer equally well, the heavier comes first, then the one whose indexed part is less, then by id.
struct WeighedTitle {
    std::int64_t weight = 0;
    std::string_view title{};
    std::string_view book_id{};
};
bool suggested_first(const WeighedTitle& left, const WeighedTitle& right);

} // namespace estante::analysis
