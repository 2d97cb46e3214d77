// Sort orders of hits, and the cursor in SearchPage::next: the order's name and the sort values of the last hit. A
// cursor has the title instead of its collation key, which may be thirty times as long. The order's name makes cursors
// of another order or another engine invalid.
#pragma once

#include "analysis/title_collation.hpp"
#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::opensearch {

struct SortField {
    std::string_view name;
    bool descending = false;
    bool is_text = false; // its sort values; else numbers
    bool is_title_order = false;
};
struct SortOrder {
    std::string_view name;
    std::vector<SortField> fields;
};

// A query without text that is sorted by relevance is sorted by rating.
const SortOrder& sort_order_of(const SearchQuery& query);

List to_sort_list(const SortOrder& order);

// The collation key as the field `title_order` has it. `title` is valid UTF-8.
std::string title_order(std::string_view title, const analysis::TitleCollation& collation);

// `values` are the sort values of the hit, `title` is its title; needed when sorting by title. Numbers keep all their
// digits.
std::string encode_cursor(const SortOrder& order, List values, std::string_view title);
// The sort values for search_after. Nothing for a cursor of another order, and for other text.
std::optional<List> decode_cursor(const SortOrder& order, std::string_view text,
                                  const analysis::TitleCollation& collation);

} // namespace estante::opensearch
