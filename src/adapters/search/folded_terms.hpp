// The terms of a segment's scored fields sorted by their accent-folded form, with a signature for each, so that a fuzzy
// search reads only a few of them.
#pragma once

#include "adapters/search/inverted_index.hpp"
#include "analysis/levenshtein_matcher.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace estante::search {

class FoldedTerms {
public:
    FoldedTerms() = default;
    explicit FoldedTerms(const InvertedIndex& index);

    // The numbers of the terms whose folded form equals `folded`, and of those whose folded form the matcher accepts.
    // `index` must be the one passed to the constructor.
    std::vector<std::uint32_t> exact_matches(const InvertedIndex& index, std::string_view folded) const;
    std::vector<std::uint32_t> fuzzy_matches(const InvertedIndex& index, analysis::LevenshteinMatcher& matcher) const;

    std::size_t memory_bytes() const { return terms_.memory_bytes() + signatures_.memory_bytes(); }
    template <class Self, class Visit> void for_each_array(this Self& self, Visit&& visit)
    {
        visit(self.terms_);
        visit(self.signatures_);
    }
    bool is_consistent(std::size_t terms) const; // each is a term of the index and has a signature

private:
    std::size_t lower_bound(const InvertedIndex& index, std::string_view folded) const;

    SegmentArray<std::uint32_t> terms_;
    SegmentArray<analysis::WordSignature> signatures_;
};

} // namespace estante::search
