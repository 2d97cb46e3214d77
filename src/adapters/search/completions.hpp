// Titles by how they begin, see analysis/completion_form.hpp.
#pragma once

#include "adapters/search/bits.hpp"
#include "adapters/search/dictionary.hpp"
#include "adapters/search/fuzzy_prefix.hpp"
#include "adapters/search/postings.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace estante::search {

// The suggested titles of one segment.
class Completions {
public:
    Completions() = default;
    // `ranks` has a place for each document: of two the one with the lower rank is suggested first.
    Completions(const PackedTexts& titles, std::span<const std::uint16_t> ranks);

    // Up to `limit` documents that are not deleted, best first: whose form begins with `form`, and of the others those
    // that nearly do. `deleted` may be absent.
    std::vector<DocumentNumber> beginning_with(std::string_view form, std::size_t limit, const Bits* deleted) const;
    std::vector<DocumentNumber> nearly_beginning_with(std::string_view form, std::size_t limit,
                                                      const Bits* deleted) const;

    std::size_t memory_bytes() const;
    template <class Self, class Visit> void each_array(this Self& self, Visit&& visit)
    {
        self.forms_.each_array(visit);
        visit(self.documents_);
        visit(self.ranks_);
    }
    bool is_sound(std::size_t documents) const; // no suggestion is a book that is not there

private:
    std::vector<DocumentNumber> best_of(const std::vector<TextRange>& ranges, std::size_t limit,
                                        const Bits* deleted) const;

    // Ordered by form, with the document of each and its rank.
    PackedTexts forms_;
    FlatArray<DocumentNumber> documents_;
    FlatArray<std::uint16_t> ranks_;
};

} // namespace estante::search
