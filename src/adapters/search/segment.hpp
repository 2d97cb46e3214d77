// An immutable part of a shop's index: up to 65,535 books as flat arrays, ordered by rating (best first), then book id.
// A book's number is its place in that order; it fits in two bytes because a segment is no larger.
#pragma once

#include "adapters/search/bits.hpp"
#include "adapters/search/bm25.hpp"
#include "adapters/search/completions.hpp"
#include "adapters/search/dictionary.hpp"
#include "adapters/search/groups.hpp"
#include "adapters/search/inverted_index.hpp"
#include "adapters/search/joint_facets.hpp"
#include "adapters/search/plain_terms.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace estante::search {

inline constexpr std::size_t most_documents = 65'535;
inline constexpr std::int64_t no_price = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int32_t no_year = std::numeric_limits<std::int32_t>::min();

// One value per book.
struct Columns {
    PackedTexts ids{};
    PackedTexts titles{};
    FlatArray<std::uint64_t> versions{};
    FlatArray<double> ratings{};
    FlatArray<std::int64_t> prices{};                              // cents, or no_price
    FlatArray<std::int32_t> years{};                               // or no_year
    FlatArray<std::int64_t> updated{};                             // milliseconds since 1970
    std::array<FlatArray<std::uint16_t>, scored_fields> lengths{}; // terms in the field
    Norms norms{};                                                 // the same as one byte
    Bits in_stock{};

    std::size_t size() const { return versions.size(); }
    void shrink_to_fit();
    std::size_t memory_bytes() const;
};

// An order of the books both ways: the book at each place, and the place of each book.
struct Order {
    FlatArray<DocumentNumber> documents{};
    FlatArray<std::uint16_t> places{};

    std::size_t memory_bytes() const;
};

class MappedFile;

struct Segment {
    Columns columns{};
    InvertedIndex index{};
    PlainTerms plain_terms{};
    std::array<Groups, facet_count> facets{};
    JointFacets joint_facets{}; // of them
    std::array<FieldStatistics, scored_fields> statistics{};
    Order by_id{};
    Order by_title{}; // Spanish collation, then id
    Completions completions{};
    std::shared_ptr<const MappedFile> file{}; // where the arrays are; absent: in memory of their own

    std::size_t size() const { return columns.size(); }
    std::string_view id_of(std::size_t document) const { return columns.ids[document]; }
    std::optional<DocumentNumber> find(std::string_view book_id) const;
    const Groups& groups(Facet facet) const { return facets[static_cast<std::size_t>(facet)]; }
    std::string_view name_of(const Groups::Group& group) const
    {
        return index.terms()[static_cast<std::uint32_t>(group.key)];
    }
    void count_statistics();          // from the lengths
    std::size_t memory_bytes() const; // the mapped file too
};

// A segment as it is now: of its books some may have been removed or replaced since it was made.
struct LiveSegment {
    std::shared_ptr<const Segment> segment{};
    std::shared_ptr<const Bits> deleted{}; // absent: none
    std::size_t deleted_count = 0;

    std::size_t live_count() const { return segment->size() - deleted_count; }
    bool is_live(std::size_t document) const { return deleted == nullptr || !deleted->test(document); }
};

// The whole of a shop's index at one moment. Never changes, so any number of searches read it while the next one is
// made. The statistics are those of the live books alone, as in a Lucene index after a forced merge.
struct Snapshot {
    std::vector<LiveSegment> segments{};
    std::array<FieldStatistics, scored_fields> statistics{};

    std::size_t live_count() const;
};

} // namespace estante::search
