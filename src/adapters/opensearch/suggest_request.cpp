#include "adapters/opensearch/suggest_request.hpp"

#include "adapters/opensearch/json_values.hpp"
#include "adapters/opensearch/search_request.hpp"
#include "analysis/completion_analysis.hpp"
#include "codec/json.hpp"

#include <algorithm>

namespace estante::opensearch {

std::string suggest_body(std::string_view form, std::size_t size, unsigned edits)
{
    Map completion{{"field", "title_suggest"}, {"size", size}};
    if (edits > 0)
        completion.emplace("fuzzy",
                           Map{{"fuzziness", edits}, {"prefix_length", 1}, {"min_length", 3}, {"unicode_aware", true}});
    return json::to_text(
        Map{{"_source", List{"title", "rating"}},
            {"size", 0},
            {"suggest", Map{{"titles", Map{{"prefix", form}, {"completion", std::move(completion)}}}}}});
}

std::optional<std::vector<SuggestedTitle>> parse_suggestions(const Map& response)
{
    const List& suggestions = list_in(map_in(response, "suggest"), "titles");
    const Map* const entry = suggestions.size() == 1 ? suggestions.front().if_map() : nullptr;
    if (!is_complete(response) || entry == nullptr)
        return std::nullopt;
    std::vector<SuggestedTitle> titles;
    for (const Value& option : list_in(*entry, "options")) {
        const Map* const map = option.if_map();
        const Map& source = map ? map_in(*map, "_source") : map_in({}, "");
        const Value* const rating = find(source, "rating");
        const Number* const rating_number = rating ? rating->if_number() : nullptr;
        if (map == nullptr || rating_number == nullptr || text_of(*map, "_id").empty())
            return std::nullopt;
        titles.push_back({.book_id = std::string(text_of(*map, "_id")),
                          .title = std::string(text_of(source, "title")),
                          .weight = analysis::completion_weight(rating_number->to_double())});
    }
    return titles;
}

void sort_suggestions(std::vector<SuggestedTitle>& titles)
{
    std::ranges::sort(titles, analysis::ranks_before, [](const SuggestedTitle& title) {
        return analysis::SuggestionCandidate{title.weight, title.title, title.book_id};
    });
}

} // namespace estante::opensearch
