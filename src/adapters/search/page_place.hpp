// Where a page ended, as the text of SearchPage::next: the sort key of its last hit. It names its order, so that the
// cursor of one order is no cursor of another.
#pragma once

#include "adapters/search/top_hits.hpp"
#include "ports/search_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante::search {

// In every order but relevance.
struct SortedPlace {
    std::int64_t key = 0; // see sorted_hits.hpp; 0 in the order of titles
    std::string title{};  // in the order of titles only
    std::string book_id{};

    bool operator==(const SortedPlace&) const = default;
};

std::string encode(const RelevancePlace& place);
std::string encode(SearchSort sort, const SortedPlace& place);

// Nothing for a text that is not of that order, or not one of ours.
std::optional<RelevancePlace> decode_relevance(std::string_view text);
std::optional<SortedPlace> decode_sorted(SearchSort sort, std::string_view text);

} // namespace estante::search
