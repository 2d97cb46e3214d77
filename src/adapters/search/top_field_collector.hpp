// Collects the first documents in an order other than relevance, like Lucene's TopFieldCollector. The sort key is a
// number in ascending order: cents or their negative, a year, milliseconds, or the negative bits of the rating. A
// document without a price or year has the greatest key. Ties are broken by book id.
#pragma once

#include "adapters/search/search_cursor.hpp"
#include "adapters/search/segment.hpp"
#include "analysis/title_collation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace estante::search {

struct SortedDoc {
    std::int64_t key = 0;
    std::string title_key{}; // collation key; only when sorting by title
    std::uint32_t segment = 0;
    DocId document = 0;
};

class TopFieldCollector {
public:
    // All references must outlive it. `sort` is not relevance. Only documents after the cursor `after` are collected.
    TopFieldCollector(const Snapshot& snapshot, const analysis::TitleCollation& collation, SearchSort sort,
                      std::size_t limit, const std::optional<SortCursor>& after);

    void collect(std::uint32_t segment, const BitSet& matches);
    // At most `limit` documents in order. Empties the collector.
    std::vector<SortedDoc> take();
    SortCursor cursor_for(const SortedDoc& hit) const;

private:
    void collect_by_rating(std::uint32_t segment, const BitSet& matches);
    void collect_by_title(std::uint32_t segment, const BitSet& matches);
    void collect_by_key(std::uint32_t segment, const BitSet& matches);
    std::int64_t sort_key(const Columns& columns, std::size_t document) const;

    const Snapshot& snapshot_;
    const analysis::TitleCollation& collation_;
    SearchSort sort_;
    std::size_t limit_;
    const std::optional<SortCursor>& after_;
    std::string after_title_key_;
    std::vector<SortedDoc> hits_; // the first of each segment
};

} // namespace estante::search
