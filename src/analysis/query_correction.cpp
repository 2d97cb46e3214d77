#include "analysis/query_correction.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/standard_tokenizer.hpp"

#include <algorithm>
#include <utility>

namespace estante::analysis {

QueryCorrection::QueryCorrection(std::string_view query) : query_(query)
{
    for_each_token(query_, [this](std::string_view word) {
        auto term = analyze_word(word);
        if (term.empty())
            return;
        const auto begin = static_cast<std::size_t>(word.data() - query_.data());
        const auto folded = fold_accents(term);
        words_.push_back({.begin = begin,
                          .end = begin + word.size(),
                          .term = std::move(term),
                          .folded_term = folded,
                          .matcher = LevenshteinMatcher(folded),
                          .distance = 0});
        words_.back().distance = words_.back().matcher.max_edits() + 1;
    });
}

void QueryCorrection::mark_known(std::string_view text)
{
    for_each_token(text, [this](std::string_view word) {
        const auto folded_term = fold_accents(analyze_word(word));
        for (auto& own : words_)
            own.known = own.known || own.folded_term == folded_term;
    });
}

void QueryCorrection::mark_known_except(std::span<const std::string> unknown_terms)
{
    for (auto& own : words_)
        own.known = own.known || std::ranges::find(unknown_terms, own.term) == unknown_terms.end();
}

std::vector<std::string> QueryCorrection::unknown_words() const
{
    std::vector<std::string> unknown;
    for (auto word = words_.begin(); word != words_.end(); ++word)
        if (!word->known && std::ranges::find(words_.begin(), word, word->folded_term, &Word::folded_term) == word)
            unknown.push_back(query_.substr(word->begin, word->end - word->begin));
    return unknown;
}

void QueryCorrection::add_candidates(std::string_view text)
{
    for_each_token(text, [this](std::string_view word) {
        const auto folded_term = fold_accents(analyze_word(word));
        for (auto& own : words_) {
            const auto distance = own.matcher.distance(folded_term);
            if (own.known || distance >= own.distance)
                continue;
            own.distance = distance;
            own.replacement.clear();
            append_lower_case(own.replacement, word);
        }
    });
}

std::optional<std::string> QueryCorrection::corrected() const
{
    std::string text;
    std::size_t at = 0;
    bool changed = false;
    for (const auto& word : words_) {
        std::string typed;
        append_lower_case(typed, std::string_view(query_).substr(word.begin, word.end - word.begin));
        const bool replaced = !word.known && !word.replacement.empty() && word.replacement != typed;
        changed = changed || replaced;
        text.append(query_, at, word.begin - at);
        text += replaced ? word.replacement : query_.substr(word.begin, word.end - word.begin);
        at = word.end;
    }
    text.append(query_, at);
    return changed ? std::optional(std::move(text)) : std::nullopt;
}

} // namespace estante::analysis
