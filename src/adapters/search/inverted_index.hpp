// Which documents of a segment have a term: flat arrays, made once.
#pragma once

#include "adapters/search/dictionary.hpp"
#include "adapters/search/flat_array.hpp"
#include "adapters/search/postings.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace estante::search {

// The first three are analyzed and scored; the others hold exact values.
enum class Field : std::uint8_t { title, author, description, contributor, category, language, isbn };
inline constexpr std::size_t scored_fields = 3;
inline constexpr std::size_t field_count = 7;

constexpr std::size_t number_of(Field field)
{
    return static_cast<std::size_t>(field);
}

using Norms = std::array<FlatArray<std::uint8_t>, scored_fields>; // one byte per document (see bm25.hpp)

// A term is in a field of a document, that often. At most one for each (term, field, document).
struct Occurrence {
    std::uint32_t term = 0;
    DocumentNumber document = 0;
    Frequency frequency = 0;
    Field field = Field::title;
};

class InvertedIndex {
public:
    InvertedIndex() = default;
    // `terms` are numbered as the occurrences name them, which come in any order.
    InvertedIndex(Dictionary terms, const std::vector<Occurrence>& occurrences, const Norms& norms,
                  std::size_t documents);

    const Dictionary& terms() const { return terms_; }
    // Empty if no document has the term in the field. The term's number comes from `terms()`; it may be absent there.
    Postings find(Field field, std::uint32_t term) const;

    // Calls with (term number, field, postings) for each list there is.
    template <class Function> void each_list(Function&& function) const
    {
        for (std::uint32_t term = 0; term < entries_.size(); ++term)
            for (std::size_t field = 0; field < field_count; ++field)
                if (const auto postings = find(static_cast<Field>(field), term); postings.count() != 0)
                    function(term, static_cast<Field>(field), postings);
    }

    std::size_t memory_bytes() const;

    // As those of a dictionary; `set_documents` comes after arrays were put in from elsewhere.
    template <class Self, class Visit> void each_array(this Self& self, Visit&& visit)
    {
        self.terms_.each_array(visit);
        visit(self.entries_);
        visit(self.lists_);
        visit(self.postings_);
        visit(self.common_lists_);
        visit(self.bits_);
    }
    void set_documents(std::size_t documents) { documents_ = documents; }
    // Whether no look-up can lead outside of the arrays, or to a document that is not there.
    bool is_sound() const;

private:
    // A term's lists are those of its fields, one after the other: where they begin, and a bit for each field.
    static constexpr std::uint32_t field_bits = (1U << field_count) - 1;
    using Entry = std::uint32_t;

    // A single posting is the list entry itself; else the two halves are the place in `postings_` where the blocks, the
    // documents and then the frequencies are.
    struct List {
        std::uint32_t count : 17 = 0;
        std::uint32_t has_frequencies : 1 = 0;
        std::uint32_t has_bits : 1 = 0;
        std::uint32_t unused : 13 = 0;
        std::uint16_t document_or_low = 0;
        std::uint16_t frequency_or_high = 0;
    };

    bool is_sound(Field field, std::uint32_t term) const;
    static bool is_common(std::size_t count, std::size_t documents);
    std::vector<std::uint32_t> lay_out(const std::vector<Occurrence>& occurrences);
    void store(std::size_t list, Field field, std::span<std::uint32_t> packed_postings, const Norms& norms);
    void store_blocks(Field field, std::span<const std::uint32_t> packed_postings, const Norms& norms);
    void store_bits(std::size_t list, std::span<const std::uint32_t> packed_postings);
    std::size_t list_number(Field field, Entry entry) const
    {
        return (entry >> field_count) + static_cast<std::size_t>(std::popcount(entry & ((1U << number_of(field)) - 1)));
    }

    Dictionary terms_;
    std::size_t documents_ = 0;
    FlatArray<Entry> entries_; // by term
    FlatArray<List> lists_;
    FlatArray<std::uint16_t> postings_;
    FlatArray<std::uint32_t> common_lists_; // ascending; their sets in `bits_`, one after the other
    FlatArray<std::uint64_t> bits_;
};

} // namespace estante::search
