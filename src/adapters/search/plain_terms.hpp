// The terms of a segment's texts in the order of what they are without accents, and beside each the outline of that,
// so that most need not be read when near ones are looked for.
#pragma once

#include "adapters/search/inverted_index.hpp"
#include "analysis/spelling.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace estante::search {

class PlainTerms {
public:
    PlainTerms() = default;
    explicit PlainTerms(const InvertedIndex& index);

    // The numbers of the terms that without accents are `plain`; and of those that are near to it, with their own.
    // `index` is the one it was made from.
    std::vector<std::uint32_t> same(const InvertedIndex& index, std::string_view plain) const;
    std::vector<std::uint32_t> near(const InvertedIndex& index, analysis::Spelling& spelling) const;

    std::size_t memory_bytes() const { return terms_.memory_bytes() + outlines_.memory_bytes(); }
    template <class Self, class Visit> void each_array(this Self& self, Visit&& visit)
    {
        visit(self.terms_);
        visit(self.outlines_);
    }
    bool is_sound(std::size_t terms) const; // each is a term of the index, and has an outline

private:
    std::size_t first_from(const InvertedIndex& index, std::string_view plain) const;

    FlatArray<std::uint32_t> terms_;
    FlatArray<analysis::WordOutline> outlines_;
};

} // namespace estante::search
