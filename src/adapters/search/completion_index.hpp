// The index of titles by completion key (analysis/completion_analysis.hpp).
#pragma once

#include "adapters/search/bit_set.hpp"
#include "adapters/search/fuzzy_prefix.hpp"
#include "adapters/search/posting_list.hpp"
#include "adapters/search/term_dictionary.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace estante::search {

// The titles of one segment.
class CompletionIndex {
public:
    CompletionIndex() = default;
    // `ranks` has an element for each document. A lower rank is suggested first.
    CompletionIndex(const PackedStrings& titles, std::span<const std::uint16_t> ranks);

    // At most `limit` documents, best first, without those in `deleted` (nullptr: none): those whose key begins with
    // `key`, and those whose key has a prefix within the edit distance but does not begin with `key`.
    std::vector<DocId> prefix_matches(std::string_view key, std::size_t limit, const BitSet* deleted) const;
    std::vector<DocId> fuzzy_prefix_matches(std::string_view key, std::size_t limit, const BitSet* deleted) const;

    std::size_t memory_bytes() const;
    template <class Self, class Visit> void for_each_array(this Self& self, Visit&& visit)
    {
        self.keys_.for_each_array(visit);
        visit(self.documents_);
        visit(self.ranks_);
    }
    bool is_consistent(std::size_t documents) const; // every document number is below `documents`

private:
    std::vector<DocId> best_in(const std::vector<PrefixRange>& ranges, std::size_t limit, const BitSet* deleted) const;

    // Sorted by key; the documents and ranks are parallel arrays.
    PackedStrings keys_;
    SegmentArray<DocId> documents_;
    SegmentArray<std::uint16_t> ranks_;
};

} // namespace estante::search
