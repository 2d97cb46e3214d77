#include "analysis/completion_analysis.hpp"

#include "analysis/utf8.hpp"

#include <unicode/uchar.h>

#include <cmath>

namespace estante::analysis {

std::string completion_key(std::string_view text)
{
    std::string key;
    key.reserve(text.size());
    bool between_words = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        if (!u_isalpha(c)) {
            between_words = true;
            continue;
        }
        if (between_words && !key.empty())
            key += ' ';
        between_words = false;
        append_code_point(key, u_tolower(c));
    }
    return key;
}

std::string_view completion_input(std::string_view title)
{
    std::size_t units = 0;
    std::size_t at = 0;
    while (at < title.size() && units < max_completion_length) {
        units += utf16_units(next_code_point(title, at));
    }
    return title.substr(0, at);
}

std::int64_t completion_weight(double rating)
{
    return std::llround(rating * 100);
}

bool ranks_before(const SuggestionCandidate& left, const SuggestionCandidate& right)
{
    if (left.weight != right.weight)
        return left.weight > right.weight;
    if (const auto order = completion_input(left.title).compare(completion_input(right.title)); order != 0)
        return order < 0;
    return left.book_id < right.book_id;
}

} // namespace estante::analysis
