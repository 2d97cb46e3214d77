// Title suggestions from the engine's completion suggester.
#pragma once

#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::opensearch {

struct SuggestedTitle {
    std::string book_id{};
    std::string title{};
    std::int64_t weight = 0; // determines the order
};

// The best `size` titles whose completion form begins with `form`. With `edits`, the match is fuzzy, and the engine
// orders titles by weight times the length of the matching prefix.
std::string suggest_body(std::string_view form, std::size_t size, unsigned edits);
// Nothing for a partial response, or one of another shape.
std::optional<std::vector<SuggestedTitle>> parse_suggestions(const Map& response);

// Into the port's order.
void sort_suggestions(std::vector<SuggestedTitle>& titles);

} // namespace estante::opensearch
