// The first hits in an order other than relevance. The key of a book is a number whose ascending order is the one asked
// for: cents or their negative, a year, milliseconds, the bits of the rating from the best down; the greatest number
// there is for a book without a price or year. Ties by book id.
#pragma once

#include "adapters/search/page_place.hpp"
#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::search {

struct SortedBook {
    std::int64_t key = 0;
    std::string title_key{}; // collation key, in the order of titles only
    std::uint32_t segment = 0;
    DocumentNumber document = 0;
};

class SortedHits {
public:
    // All references must outlive it. `sort` is not relevance; only books after the place `after` are admitted.
    SortedHits(const Snapshot& snapshot, const analysis::TitleCollation& collation, SearchSort sort, std::size_t limit,
               const std::optional<SortedPlace>& after);

    void add(std::uint32_t segment, const Bits& matches);
    // In order, at most `limit`. The object is empty then.
    std::vector<SortedBook> take();
    SortedPlace place_of(const SortedBook& book) const;

private:
    void add_by_rating(std::uint32_t segment, const Bits& matches);
    void add_by_title(std::uint32_t segment, const Bits& matches);
    void add_by_key(std::uint32_t segment, const Bits& matches);
    std::int64_t key_of(const Columns& books, std::size_t document) const;

    const Snapshot& snapshot_;
    const analysis::TitleCollation& collation_;
    SearchSort sort_;
    std::size_t limit_;
    const std::optional<SortedPlace>& after_;
    std::string after_title_key_;
    std::vector<SortedBook> books_; // the first of each segment
};

} // namespace estante::search
