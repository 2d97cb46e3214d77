#include "analysis/query_analysis.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/standard_tokenizer.hpp"

#include <algorithm>
#include <unordered_set>

namespace estante::analysis {

std::string_view truncate_query(std::string_view text)
{
    StandardTokenizer words(text);
    std::string lower;
    std::size_t count = 0;
    for (std::string_view word; words.next(word);) {
        lower.clear();
        append_lower_case(lower, word);
        if (is_stop_word(lower) || ++count <= max_query_words)
            continue;
        return text.substr(0, static_cast<std::size_t>(word.data() - text.data()));
    }
    return text;
}

std::vector<std::string> folded_terms_of(std::string_view text)
{
    std::vector<std::string> folded_terms;
    SpanishAnalyzer terms(text);
    for (std::string_view term; terms.next(term);)
        if (auto folded = fold_accents(term); !folded.empty())
            folded_terms.push_back(std::move(folded));
    return folded_terms;
}

std::vector<std::string> deduplicate(std::vector<std::string> terms)
{
    std::unordered_set<std::string> seen;
    std::erase_if(terms, [&seen](const std::string& term) { return !seen.insert(term).second; });
    return terms;
}

} // namespace estante::analysis
