// An immutable segment of an index, as in Lucene: up to 65,535 documents in flat arrays, ordered by rating (best
// first), then book id. The DocId of a document is its position in that order; it fits into two bytes.
#pragma once

#include "adapters/search/bit_set.hpp"
#include "adapters/search/bm25.hpp"
#include "adapters/search/completion_index.hpp"
#include "adapters/search/facet_combinations.hpp"
#include "adapters/search/facet_doc_values.hpp"
#include "adapters/search/folded_terms.hpp"
#include "adapters/search/inverted_index.hpp"
#include "adapters/search/term_dictionary.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace estante::search {

inline constexpr std::size_t segment_capacity = 65'535;
inline constexpr std::int64_t no_price = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int32_t no_year = std::numeric_limits<std::int32_t>::min();

// The stored fields and doc values: one value per document.
struct Columns {
    PackedStrings ids{};
    PackedStrings titles{};
    SegmentArray<std::uint64_t> versions{};
    SegmentArray<double> ratings{};
    SegmentArray<std::int64_t> prices{};                              // cents, or no_price
    SegmentArray<std::int32_t> years{};                               // or no_year
    SegmentArray<std::int64_t> updated{};                             // milliseconds since 1970
    std::array<SegmentArray<std::uint16_t>, scored_fields> lengths{}; // terms in the field
    Norms norms{};                                                    // the lengths encoded as one byte
    BitSet in_stock{};

    std::size_t size() const { return versions.size(); }
    void shrink_to_fit();
    std::size_t memory_bytes() const;
};

// A sort order of the documents and its inverse.
struct DocumentOrder {
    SegmentArray<DocId> documents{};         // by position
    SegmentArray<std::uint16_t> positions{}; // by document

    std::size_t memory_bytes() const;
};

class MappedFile;

struct Segment {
    Columns columns{};
    InvertedIndex index{};
    FoldedTerms folded_terms{};
    std::array<FacetDocValues, facet_count> facets{};
    FacetCombinations facet_combinations{}; // of `facets`
    std::array<FieldStatistics, scored_fields> statistics{};
    DocumentOrder by_id{};
    DocumentOrder by_title{}; // Spanish collation, then id
    CompletionIndex completions{};
    std::shared_ptr<const MappedFile> file{}; // backs the arrays; nullptr: they are on the heap

    std::size_t size() const { return columns.size(); }
    std::string_view id_of(std::size_t document) const { return columns.ids[document]; }
    std::optional<DocId> find(std::string_view book_id) const;
    const FacetDocValues& doc_values(Facet facet) const { return facets[static_cast<std::size_t>(facet)]; }
    std::string_view name_of(const FacetDocValues::Value& value) const
    {
        return index.terms()[static_cast<std::uint32_t>(value.key)];
    }
    void count_statistics();          // computed from the lengths
    std::size_t memory_bytes() const; // includes the mapped file
};

// A segment with the documents that were deleted or replaced since it was built.
struct LiveSegment {
    std::shared_ptr<const Segment> segment{};
    std::shared_ptr<const BitSet> deleted{}; // nullptr: none
    std::size_t deleted_count = 0;

    std::size_t live_count() const { return segment->size() - deleted_count; }
    bool is_live(std::size_t document) const { return deleted == nullptr || !deleted->test(document); }
};

// An immutable point-in-time view of an index. Searches read it while a writer prepares the next one. The statistics
// cover only live documents, as in a Lucene index after a forced merge.
struct Snapshot {
    std::vector<LiveSegment> segments{};
    std::array<FieldStatistics, scored_fields> statistics{};

    std::size_t live_count() const;
};

} // namespace estante::search
