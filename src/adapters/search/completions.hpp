// Titles by how they begin: the completion suggester of the document's mapping (`title.suggest`, analyzer `simple`).
// A title is indexed as the letters of its first 50 UTF-16 units, lower-cased, its words joined by one space. A title
// answers to what was typed if the form of that is a prefix of its own, or (from 3 letters on) within an edit of one,
// from 6 letters on within two, the first letter as typed. Titles without letters are not suggested. Sources:
// Elasticsearch Guide, "Completion suggester"; org.apache.lucene.search.suggest.document.FuzzyCompletionQuery
#pragma once

#include "adapters/search/bits.hpp"
#include "adapters/search/dictionary.hpp"
#include "adapters/search/fuzzy_prefix.hpp"
#include "adapters/search/postings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace estante::search {

// The letters of a text, lower-cased, words joined by one space.
std::string completion_form(std::string_view text);

// The part of a title that is indexed: 50 UTF-16 units, or 51 if that spares a pair of surrogates.
std::string_view completion_input(std::string_view title);

// The suggested titles of one segment.
class Completions {
public:
    Completions() = default;
    // `ranks` has a place for each document: of two the one with the lower rank is suggested first.
    Completions(const PackedTexts& titles, const std::vector<std::uint16_t>& ranks);

    // Up to `limit` documents that are not deleted, best first: whose form begins with `form`, and of the others those
    // that nearly do. `deleted` may be absent.
    std::vector<DocumentNumber> beginning_with(std::string_view form, std::size_t limit, const Bits* deleted) const;
    std::vector<DocumentNumber> nearly_beginning_with(std::string_view form, std::size_t limit,
                                                      const Bits* deleted) const;

    std::size_t memory_bytes() const;

private:
    std::vector<DocumentNumber> best_of(const std::vector<TextRange>& ranges, std::size_t limit,
                                        const Bits* deleted) const;

    // Ordered by form, with the document of each and its rank.
    PackedTexts forms_;
    std::vector<DocumentNumber> documents_;
    std::vector<std::uint16_t> ranks_;
};

} // namespace estante::search
