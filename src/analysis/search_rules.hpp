// What a search asks of each field, and of how much of a text: the same in every engine.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {

struct FieldBoosts {
    float title = 0;
    float author = 0;
    float description = 0;
};

// The words as typed, scored with BM25: the document's query.
inline constexpr FieldBoosts boosts_as_typed{.title = 3.0F, .author = 2.0F, .description = 1.0F};
// Tolerant searches add the words without accents, scored with BM25 over fields of such words. None is 1: Lucene would
// sum that field in another way.
inline constexpr FieldBoosts boosts_without_accents{.title = 1.5F, .author = 1.25F, .description = 0.5F};
// And, for each different word without accents, so much for a field that has a word near it (spelling.hpp).
inline constexpr FieldBoosts boosts_nearly{.title = 0.5F, .author = 0.25F};

// A search looks at so many words of a text, stop words aside. In three fields, spelled in three ways, they stay below
// the 1024 clauses that OpenSearch allows.
inline constexpr std::size_t most_query_words = 100;

// The beginning of a text that has these words.
std::string_view searched_part(std::string_view text);

// The terms of a text (analyzer.hpp) without their accents, in order; what then is empty is left out. No term holds
// white space.
std::vector<std::string> terms_without_accents(std::string_view text);
// Each once, in the order in which they first occur.
std::vector<std::string> distinct(std::vector<std::string> terms);

} // namespace estante::analysis
