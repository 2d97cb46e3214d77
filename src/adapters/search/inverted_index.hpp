// The inverted index of a segment: term dictionary and posting lists in immutable flat arrays.
#pragma once

#include "adapters/search/posting_list.hpp"
#include "adapters/search/segment_array.hpp"
#include "adapters/search/term_dictionary.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace estante::search {

// The first three fields are analyzed and scored; the others are keyword fields.
enum class Field : std::uint8_t { title, author, description, contributor, category, language, isbn };
inline constexpr std::size_t scored_fields = 3;
inline constexpr std::size_t field_count = 7;

constexpr std::size_t number_of(Field field)
{
    return static_cast<std::size_t>(field);
}

using Norms = std::array<SegmentArray<std::uint8_t>, scored_fields>; // one byte per document (bm25.hpp)

// There is at most one for each (term, field, document).
struct Posting {
    std::uint32_t term = 0;
    DocId document = 0;
    Frequency frequency = 0;
    Field field = Field::title;
};

class InvertedIndex {
public:
    InvertedIndex() = default;
    // The term numbers of the postings are those of `terms`. The postings may come in any order.
    InvertedIndex(TermDictionary terms, const std::vector<Posting>& postings, const Norms& norms,
                  std::size_t documents);

    const TermDictionary& terms() const { return terms_; }
    // `term` is a number of `terms()`, or TermDictionary::absent. Empty: no document has the term in the field.
    PostingList find(Field field, std::uint32_t term) const;

    // Calls the function with (term number, field, postings) for each non-empty list.
    template <class Function> void for_each_list(Function&& function) const
    {
        for (std::uint32_t term = 0; term < entries_.size(); ++term)
            for (std::size_t field = 0; field < field_count; ++field)
                if (const auto postings = find(static_cast<Field>(field), term); postings.count() != 0)
                    function(term, static_cast<Field>(field), postings);
    }

    std::size_t memory_bytes() const;

    // As TermDictionary::for_each_array. After arrays were assigned from a file, set_documents() must be called.
    template <class Self, class Visit> void for_each_array(this Self& self, Visit&& visit)
    {
        self.terms_.for_each_array(visit);
        visit(self.entries_);
        visit(self.lists_);
        visit(self.postings_);
        visit(self.common_lists_);
        visit(self.bits_);
    }
    void set_documents(std::size_t documents) { documents_ = documents; }
    // Whether every lookup stays within the arrays and the documents.
    bool is_consistent() const;

private:
    // The lists of a term are adjacent, one for each of its fields. An entry holds the number of the first list and a
    // bit for each field.
    static constexpr std::uint32_t field_bits = (1U << field_count) - 1;
    using Entry = std::uint32_t;

    // A single posting is stored in the list itself. Otherwise the two halves are an offset in `postings_`, where the
    // impacts, the documents and then the frequencies follow each other.
    struct List {
        std::uint32_t count : 17 = 0;
        std::uint32_t has_frequencies : 1 = 0;
        std::uint32_t has_bits : 1 = 0;
        std::uint32_t unused : 13 = 0;
        std::uint16_t document_or_low = 0;
        std::uint16_t frequency_or_high = 0;
    };

    bool is_consistent(Field field, std::uint32_t term) const;
    static bool is_common(std::size_t count, std::size_t documents);
    std::vector<std::uint32_t> lay_out(const std::vector<Posting>& postings);
    void store(std::size_t list, Field field, std::span<std::uint32_t> packed_postings, const Norms& norms);
    void store_impacts(Field field, std::span<const std::uint32_t> packed_postings, const Norms& norms);
    void store_bits(std::size_t list, std::span<const std::uint32_t> packed_postings);
    std::size_t list_number(Field field, Entry entry) const
    {
        return (entry >> field_count) + static_cast<std::size_t>(std::popcount(entry & ((1U << number_of(field)) - 1)));
    }

    TermDictionary terms_;
    std::size_t documents_ = 0;
    SegmentArray<Entry> entries_; // by term
    SegmentArray<List> lists_;
    SegmentArray<std::uint16_t> postings_;
    SegmentArray<std::uint32_t> common_lists_; // ascending; their bit sets are adjacent in `bits_`
    SegmentArray<std::uint64_t> bits_;
};

} // namespace estante::search
