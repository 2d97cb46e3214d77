// Sort orders of hits, and the cursor in SearchPage::next: the order's name and the sort values of the last hit. The
// name makes cursors of another order or another engine invalid.
#pragma once

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
};
struct SortOrder {
    std::string_view name;
    std::vector<SortField> fields;
};

// A query without text that is sorted by relevance is sorted by rating.
const SortOrder& sort_order_of(const SearchQuery& query);

List to_sort_list(const SortOrder& order);

// `values` are the sort values for search_after. Numbers keep all their digits.
std::string encode_cursor(const SortOrder& order, const List& values);
// Nothing for a cursor of another order, and for other text.
std::optional<List> decode_cursor(const SortOrder& order, std::string_view text);

} // namespace estante::opensearch
