// Titles for what has been typed, through the engine's completion suggester.
#pragma once

#include "domain/value.hpp"
#include "ports/search_index.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::opensearch {

// A suggested title, and what it is ordered by.
struct Suggested {
    std::string book_id{};
    std::string title{};
    std::int64_t weight = 0;
};

// The best `size` titles whose form begins with `form`. With `edits`, those that nearly do, in an order of the engine's
// own: their weights times the length of the beginning that agrees.
std::string suggest_body(std::string_view form, std::size_t size, unsigned edits);
// Nothing for an answer of another shape.
std::optional<std::vector<Suggested>> suggested_in(const Map& answer);

// In the port's order.
void sort_suggested(std::vector<Suggested>& titles);

} // namespace estante::opensearch
