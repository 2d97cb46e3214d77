// The cursor of a page (SearchPage::next): the sort key of its last hit as text. It names the sort order, so that a
// cursor of another order is rejected.
#pragma once

#include "adapters/search/top_score_collector.hpp"
#include "ports/search_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

// For every order but relevance.
struct SortCursor {
    std::int64_t key = 0; // TopFieldCollector's sort key; 0 when sorting by title
    std::string title{};  // only when sorting by title
    std::string book_id{};

    bool operator==(const SortCursor&) const = default;
};

std::string encode(const RelevanceCursor& cursor);
std::string encode(SearchSort sort, const SortCursor& cursor);

// nullopt: the text is not a cursor of this order.
std::optional<RelevanceCursor> decode_relevance_cursor(std::string_view text);
std::optional<SortCursor> decode_sort_cursor(SearchSort sort, std::string_view text);

} // namespace estante::search
