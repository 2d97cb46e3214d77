// The completion suggester of the index mapping (`title.suggest`, analyzer `simple`). A title is indexed under its
// completion key: the letters of its first 50 UTF-16 units in lower case, with one space between words. A typed prefix
// matches a title if its key is a prefix of the title's key, or within one edit of such a prefix from 3 letters on, two
// edits from 6 letters on; the first letter must be equal. Titles without letters are not suggested.
// Sources: Elasticsearch Guide, "Completion suggester"; org.apache.lucene.search.suggest.document.FuzzyCompletionQuery
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace estante::analysis {

inline constexpr std::size_t max_completion_length = 50; // max_input_length, UTF-16 units

// The letters of a text in lower case, with one space between words.
std::string completion_key(std::string_view text);

// The part of a title that is indexed: 50 UTF-16 units, or 51 if a surrogate pair would be cut otherwise.
std::string_view completion_input(std::string_view title);

// The edits that a completion key of this length (code points) may contain. Also 0 for a key that is longer than any
// title's key can match.
constexpr unsigned completion_fuzziness(std::size_t length)
{
    constexpr std::size_t min_length_one_edit = 3;
    constexpr std::size_t min_length_two_edits = 6;
    constexpr std::size_t max_length = max_completion_length + 3;
    return length < min_length_one_edit || length > max_length ? 0 : length < min_length_two_edits ? 1 : 2;
}

// The weight of a suggestion: the rating in hundredths of a star.
std::int64_t completion_weight(double rating);

// The order of suggestions: weight descending, then the indexed part of the title, then the id.
struct SuggestionCandidate {
    std::int64_t weight = 0;
    std::string_view title{};
    std::string_view book_id{};
};
bool ranks_before(const SuggestionCandidate& left, const SuggestionCandidate& right);

} // namespace estante::analysis
