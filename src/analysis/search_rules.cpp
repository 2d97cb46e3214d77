#include "analysis/search_rules.hpp"

#include "analysis/accents.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/word_splitter.hpp"

#include <algorithm>
#include <unordered_set>

namespace estante::analysis {

std::string_view searched_part(std::string_view text)
{
    WordSplitter words(text);
    std::string lower;
    std::size_t count = 0;
    for (std::string_view word; words.next(word);) {
        lower.clear();
        append_lower_case(lower, word);
        if (is_stop_word(lower) || ++count <= most_query_words)
            continue;
        return text.substr(0, static_cast<std::size_t>(word.data() - text.data()));
    }
    return text;
}

std::vector<std::string> terms_without_accents(std::string_view text)
{
    std::vector<std::string> found;
    SpanishTerms terms(text);
    for (std::string_view term; terms.next(term);)
        if (auto plain = without_accents(term); !plain.empty())
            found.push_back(std::move(plain));
    return found;
}

std::vector<std::string> distinct(std::vector<std::string> terms)
{
    std::unordered_set<std::string> seen;
    std::erase_if(terms, [&seen](const std::string& term) { return !seen.insert(term).second; });
    return terms;
}

} // namespace estante::analysis
