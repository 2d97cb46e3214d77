// How the text of a query is analyzed and how its fields are boosted. Shared by the embedded engine and OpenSearch.
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

// Terms as typed, scored with BM25.
inline constexpr FieldBoosts exact_boosts{.title = 3.0F, .author = 2.0F, .description = 1.0F};
// Tolerant searches add accent-folded terms, scored with BM25 over fields of folded terms. No boost is 1: Lucene would
// drop it and flatten the field's clauses into the outer query, which rounds their sum differently.
inline constexpr FieldBoosts folded_boosts{.title = 1.5F, .author = 1.25F, .description = 0.5F};
// They also add this constant score for each distinct folded term and field with a term within its edit distance
// (levenshtein_matcher.hpp).
inline constexpr FieldBoosts fuzzy_boosts{.title = 0.5F, .author = 0.25F};

// Words of a query that are searched, without stop words. With three fields and three kinds of clauses they stay below
// OpenSearch's limit of 1024 clauses.
inline constexpr std::size_t max_query_words = 100;

// The prefix of a text that holds these words.
std::string_view truncate_query(std::string_view text);

// The accent-folded terms of a text (analyzer.hpp), in order, without empty ones. No term contains white space.
std::vector<std::string> folded_terms_of(std::string_view text);
// Removes repeated terms and keeps the order of their first occurrence.
std::vector<std::string> deduplicate(std::vector<std::string> terms);

} // namespace estante::analysis
