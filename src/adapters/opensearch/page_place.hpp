// The orders of hits, and where a page ended, as the text of SearchPage::next: the order's name and the sort values of
// the last hit. It names its order, so that the cursor of one order, or of another engine, is no cursor here.
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
    bool text = false; // its sort value; else a number
};
struct Order {
    std::string_view name;
    std::vector<SortField> fields;
};

// That of the query; without text the order by relevance is that by rating.
const Order& order_of(const SearchQuery& query);

List sort_list(const Order& order);

// Sort values, for search_after: numbers keep all their digits.
std::string encode_place(const Order& order, const List& values);
// Nothing for a text that is not of that order, or not one of ours.
std::optional<List> decode_place(const Order& order, std::string_view text);

} // namespace estante::opensearch
