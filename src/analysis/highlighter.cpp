#include "analysis/highlighter.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/standard_tokenizer.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::analysis {

namespace {

void append_escaped(std::string& html, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            html += c;
        }
    }
}

// The offset of each code point, and of the end of the text.
std::vector<std::size_t> code_point_offsets(std::string_view text)
{
    std::vector<std::size_t> offsets;
    for (std::size_t at = 0; at < text.size();) {
        offsets.push_back(at);
        next_code_point(text, at);
    }
    offsets.push_back(text.size());
    return offsets;
}

} // namespace

Highlighter::Highlighter(std::string_view query, bool fuzzy) : fuzzy_(fuzzy)
{
    SpanishAnalyzer terms(query);
    for (std::string_view term; terms.next(term);)
        terms_.push_back(fuzzy ? fold_accents(term) : std::string(term));
    if (fuzzy)
        for (const auto& term : terms_)
            matchers_.emplace_back(term);
}

bool Highlighter::matches(std::string_view word)
{
    auto term = analyze_word(word);
    if (term.empty())
        return false;
    if (fuzzy_)
        term = fold_accents(term);
    return std::ranges::find(terms_, term) != terms_.end() ||
           std::ranges::any_of(matchers_, [&term](LevenshteinMatcher& matcher) { return matcher.matches(term); });
}

std::vector<Highlighter::Match> Highlighter::find_matches(std::string_view text)
{
    std::vector<Match> found;
    for_each_token(text, [&](std::string_view word) {
        const auto begin = static_cast<std::size_t>(word.data() - text.data());
        if (matches(word))
            found.push_back({begin, begin + word.size()});
    });
    return found;
}

namespace {

template <class Matches>
std::string mark_matches(std::string_view text, const Matches& matches, std::size_t from, std::size_t to)
{
    std::string html;
    auto at = from;
    for (const auto& [begin, end] : matches) {
        if (begin < from || end > to)
            continue;
        append_escaped(html, text.substr(at, begin - at));
        html += "<em>";
        append_escaped(html, text.substr(begin, end - begin));
        html += "</em>";
        at = end;
    }
    append_escaped(html, text.substr(at, to - at));
    return html;
}

} // namespace

std::optional<std::string> Highlighter::highlight(std::string_view text)
{
    const auto found = find_matches(text);
    if (found.empty())
        return std::nullopt;
    return mark_matches(text, found, 0, text.size());
}

std::optional<std::string> Highlighter::highlight_fragment(std::string_view text, std::size_t length)
{
    const auto found = find_matches(text);
    if (found.empty())
        return std::nullopt;
    const auto begins = code_point_offsets(text);
    const auto first = static_cast<std::size_t>(std::ranges::lower_bound(begins, found.front().begin) - begins.begin());
    // A quarter of the fragment precedes the match. Both ends move to a word boundary.
    auto from = first > length / 4 ? first - length / 4 : 0;
    auto to = std::min(from + length, begins.size() - 1);
    while (from > 0 && from < first && text[begins[from] - 1] != ' ')
        ++from;
    while (to + 1 < begins.size() && begins[to] > found.front().end && text[begins[to]] != ' ')
        --to;
    const auto end = std::max(begins[to], found.front().end);
    return (from > 0 ? "…" : "") + mark_matches(text, found, begins[from], end) + (end < text.size() ? "…" : "");
}

} // namespace estante::analysis
