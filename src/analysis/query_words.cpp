#include "analysis/query_words.hpp"

#include "analysis/accents.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::analysis {

namespace {

// Of one word; empty for a stop word.
std::string term_of(std::string_view word)
{
    SpanishTerms terms(word);
    std::string_view term;
    return terms.next(term) ? std::string(term) : std::string();
}

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

// The beginnings of the code points of a text, and its end.
std::vector<std::size_t> letters_of(std::string_view text)
{
    std::vector<std::size_t> letters;
    for (std::size_t at = 0; at < text.size();) {
        letters.push_back(at);
        next_code_point(text, at);
    }
    letters.push_back(text.size());
    return letters;
}

template <class Function> void each_word(std::string_view text, Function&& function)
{
    WordSplitter words(text);
    for (std::string_view word; words.next(word);)
        function(word);
}

} // namespace

Highlighter::Highlighter(std::string_view query, bool near) : near_(near)
{
    SpanishTerms terms(query);
    for (std::string_view term; terms.next(term);)
        terms_.push_back(near ? without_accents(term) : std::string(term));
    if (near)
        for (const auto& term : terms_)
            spellings_.emplace_back(term);
}

bool Highlighter::matches(std::string_view word)
{
    auto term = term_of(word);
    if (term.empty())
        return false;
    if (near_)
        term = without_accents(term);
    return std::ranges::find(terms_, term) != terms_.end() ||
           std::ranges::any_of(spellings_, [&term](Spelling& spelling) { return spelling.is_near(term); });
}

std::vector<Highlighter::Place> Highlighter::places_in(std::string_view text)
{
    std::vector<Place> places;
    each_word(text, [&](std::string_view word) {
        const auto begin = static_cast<std::size_t>(word.data() - text.data());
        if (matches(word))
            places.push_back({begin, begin + word.size()});
    });
    return places;
}

namespace {

template <class Places>
std::string marked(std::string_view text, const Places& places, std::size_t from, std::size_t to)
{
    std::string html;
    auto at = from;
    for (const auto& [begin, end] : places) {
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

std::optional<std::string> Highlighter::whole(std::string_view text)
{
    const auto places = places_in(text);
    if (places.empty())
        return std::nullopt;
    return marked(text, places, 0, text.size());
}

std::optional<std::string> Highlighter::part(std::string_view text, std::size_t letters)
{
    const auto places = places_in(text);
    if (places.empty())
        return std::nullopt;
    const auto begins = letters_of(text);
    const auto first =
        static_cast<std::size_t>(std::ranges::lower_bound(begins, places.front().begin) - begins.begin());
    // A quarter of it before the match, and at word's ends.
    auto from = first > letters / 4 ? first - letters / 4 : 0;
    auto to = std::min(from + letters, begins.size() - 1);
    while (from > 0 && from < first && text[begins[from] - 1] != ' ')
        ++from;
    while (to + 1 < begins.size() && begins[to] > places.front().end && text[begins[to]] != ' ')
        --to;
    const auto end = std::max(begins[to], places.front().end);
    return (from > 0 ? "…" : "") + marked(text, places, begins[from], end) + (end < text.size() ? "…" : "");
}

Correction::Correction(std::string_view query) : query_(query)
{
    each_word(query_, [this](std::string_view word) {
        auto term = term_of(word);
        if (term.empty())
            return;
        const auto begin = static_cast<std::size_t>(word.data() - query_.data());
        const auto plain = without_accents(term);
        words_.push_back({.begin = begin,
                          .end = begin + word.size(),
                          .typed = std::move(term),
                          .term = plain,
                          .spelling = Spelling(plain),
                          .distance = 0});
        words_.back().distance = words_.back().spelling.edits() + 1;
    });
}

void Correction::saw(std::string_view text)
{
    each_word(text, [this](std::string_view word) {
        const auto term = without_accents(term_of(word));
        for (auto& own : words_)
            own.seen = own.seen || own.term == term;
    });
}

void Correction::saw_all_but(std::span<const std::string> terms)
{
    for (auto& own : words_)
        own.seen = own.seen || std::ranges::find(terms, own.typed) == terms.end();
}

std::vector<std::string> Correction::unseen() const
{
    std::vector<std::string> unseen;
    for (auto word = words_.begin(); word != words_.end(); ++word)
        if (!word->seen && std::ranges::find(words_.begin(), word, word->term, &Word::term) == word)
            unseen.push_back(query_.substr(word->begin, word->end - word->begin));
    return unseen;
}

void Correction::offer(std::string_view text)
{
    each_word(text, [this](std::string_view word) {
        const auto term = without_accents(term_of(word));
        for (auto& own : words_) {
            const auto distance = own.spelling.distance(term);
            if (own.seen || distance >= own.distance)
                continue;
            own.distance = distance;
            own.replacement.clear();
            append_lower_case(own.replacement, word);
        }
    });
}

std::optional<std::string> Correction::corrected() const
{
    std::string text;
    std::size_t at = 0;
    bool changed = false;
    for (const auto& word : words_) {
        std::string typed;
        append_lower_case(typed, std::string_view(query_).substr(word.begin, word.end - word.begin));
        const bool replaced = !word.seen && !word.replacement.empty() && word.replacement != typed;
        changed = changed || replaced;
        text.append(query_, at, word.begin - at);
        text += replaced ? word.replacement : query_.substr(word.begin, word.end - word.begin);
        at = word.end;
    }
    text.append(query_, at);
    return changed ? std::optional(std::move(text)) : std::nullopt;
}

} // namespace estante::analysis
