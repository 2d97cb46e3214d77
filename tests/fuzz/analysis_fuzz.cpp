// Fuzzes tokenizer, analyzer, fuzzy matching, completion and highlighting: each must keep its contract for any bytes.
// The first line of the input is a query, the rest a text.
#include "analysis/accent_folding.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/completion_analysis.hpp"
#include "analysis/highlighter.hpp"
#include "analysis/levenshtein_matcher.hpp"
#include "analysis/query_analysis.hpp"
#include "analysis/query_correction.hpp"
#include "analysis/standard_tokenizer.hpp"
#include "analysis/title_collation.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace estante::analysis {
namespace {

void expect(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

bool is_well_formed(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        UChar32 c = 0;
        U8_NEXT(text.data(), at, text.size(), c); // NOLINT(bugprone-inc-dec-in-conditions)
        if (c < 0)
            return false;
    }
    return true;
}

std::size_t units_of(std::string_view text)
{
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();)
        units += utf16_units(next_code_point(text, at));
    return units;
}

// The negative control: with ESTANTE_FUZZ_CONTROL the checked limit is too low, so a run must fail.
std::size_t max_allowed_token_length()
{
    static const bool control =
        std::getenv("ESTANTE_FUZZ_CONTROL") != nullptr; // NOLINT(concurrency-mt-unsafe): there is one thread
    return control ? StandardTokenizer::max_token_length - 1 : StandardTokenizer::max_token_length;
}

std::vector<std::string> terms_of(std::string_view text)
{
    std::vector<std::string> found;
    SpanishAnalyzer terms(text);
    for (std::string_view term; terms.next(term);)
        found.emplace_back(term);
    return found;
}

void check_words(std::string_view text)
{
    const auto* end = text.data();
    std::size_t words = 0;
    StandardTokenizer tokens(text);
    for (std::string_view word; tokens.next(word); ++words) {
        expect(!word.empty(), "a token is not empty");
        expect(word.data() >= end, "tokens are in order and do not overlap");
        end = word.data() + word.size();
        expect(end <= text.data() + text.size(), "tokens are parts of the text");
        expect(units_of(word) <= max_allowed_token_length(), "a token has at most 255 UTF-16 units");
        expect(is_well_formed(word), "an ill-formed sequence belongs to no token");
        std::string lower;
        append_lower_case(lower, word);
        std::string again;
        append_lower_case(again, lower);
        expect(lower == again, "lower-casing is idempotent");
        auto stem = lower;
        stem_spanish(stem);
        expect(is_well_formed(stem) && units_of(stem) <= units_of(lower), "a stem is not longer than its word");
    }
    const auto terms = terms_of(text);
    expect(terms.size() <= words, "there are no more terms than tokens");
    for (const auto& term : terms)
        expect(!term.empty() && is_well_formed(term), "a term is not empty and well-formed");
    expect(terms == terms_of(text), "the same text has the same terms");
}

void check_accent_folding(std::string_view text)
{
    const auto folded = fold_accents(text);
    expect(is_well_formed(folded), "folded text is well-formed");
    expect(fold_accents(folded) == folded, "folding is idempotent");
    expect(is_folded(folded), "folded text is recognized");
    if (is_folded(text))
        expect(folded == text, "folding leaves folded text unchanged");
    for (const auto& term : folded_terms_of(text)) {
        expect(!term.empty() && is_folded(term), "a folded term has no accents");
        expect(std::ranges::none_of(term, [](char c) { return c == ' ' || c == '\t' || c == '\n'; }),
               "a folded term contains no white space");
    }
}

void check_completion(std::string_view text)
{
    const auto key = completion_key(text);
    expect(is_well_formed(key), "a key is well-formed");
    expect(completion_key(key) == key, "the key of a key is itself");
    expect(key.empty() || (key.front() != ' ' && key.back() != ' '), "a key begins and ends with a letter");
    expect(key.find("  ") == key.npos, "the words of a key are separated by one space");
    const auto input = completion_input(text);
    expect(text.starts_with(input), "the indexed part is a prefix of the title");
    expect(units_of(input) <= max_completion_length + 1, "the indexed part has at most 51 units");
}

void check_query(std::string_view query)
{
    const auto part = truncate_query(query);
    expect(query.starts_with(part), "the searched part is a prefix of the query");
    expect(terms_of(part).size() <= max_query_words, "at most 100 words are searched");
    expect(truncate_query(part) == part, "truncating is idempotent");
    auto all = terms_of(query);
    auto some = terms_of(part);
    expect(std::ranges::equal(some, all | std::views::take(some.size())),
           "the terms of the searched part are the first of the query");
    const auto distinct = deduplicate(all);
    expect(deduplicate(distinct) == distinct && distinct.size() <= all.size(), "deduplicating is idempotent");
}

void check_matcher(const std::string& word, const std::string& other)
{
    LevenshteinMatcher of_word(word);
    LevenshteinMatcher of_other(other);
    expect(of_word.distance(word) == 0, "the distance of a word to itself is 0");
    expect(of_word.max_edits() == max_edits_for(of_word.letters().size()), "the allowed edits follow from the length");
    const auto distance = of_word.distance(other);
    const auto reverse = of_other.distance(word);
    if (distance <= of_word.max_edits() && distance <= of_other.max_edits())
        expect(distance == reverse, "the distance is symmetric");
    if (distance == 0)
        expect(of_word.letters() == of_other.letters(), "the distance to another word is not 0");
}

// The text that a browser shows for the HTML.
std::string shown(std::string html)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> signs{
        {{"<em>", ""}, {"</em>", ""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
    for (const auto& [sign, text] : signs)
        for (std::size_t at = 0; (at = html.find(sign, at)) != html.npos; at += text.size())
            html.replace(at, sign.size(), text);
    return html;
}

std::size_t count(std::string_view html, std::string_view tag)
{
    std::size_t found = 0;
    for (std::size_t at = 0; (at = html.find(tag, at)) != html.npos; at += tag.size())
        ++found;
    return found;
}

void check_highlighting(std::string_view query, std::string_view text)
{
    for (const bool fuzzy : {false, true}) {
        Highlighter highlighter(query, fuzzy);
        if (const auto whole = highlighter.highlight(text)) {
            expect(shown(*whole) == text, "the whole text is shown");
            const auto marks = count(*whole, "<em>");
            expect(marks > 0 && marks == count(*whole, "</em>"), "each <em> is closed");
            expect(count(*whole, "<") == 2 * marks, "<em> and </em> are the only tags");
        }
        if (const auto fragment = highlighter.highlight_fragment(text, 20)) {
            expect(count(*fragment, "<em>") > 0, "a fragment contains a match");
            expect(is_well_formed(*fragment) || !is_well_formed(text), "a fragment is cut between code points");
        }
    }
    QueryCorrection correction(query);
    correction.add_candidates(text);
    if (const auto corrected = correction.corrected()) {
        expect(*corrected != query, "a correction differs from the query");
        expect(is_well_formed(*corrected) || !is_well_formed(query), "a correction is as well-formed as the query");
    }
    QueryCorrection known(query);
    known.mark_known(query);
    expect(!known.has_unknown_words() && !known.corrected(), "known words are not corrected");
}

void check(std::string_view input)
{
    static const TitleCollation collation;
    const auto line_end = input.find('\n');
    const auto query = input.substr(0, line_end);
    const auto text = line_end == input.npos ? input : input.substr(line_end + 1);
    for (const auto part : {query, text}) {
        check_words(part);
        check_accent_folding(part);
        check_completion(part);
        expect(collation.key_of(part) == collation.key_of(part), "a title has one sort key");
    }
    check_query(query);
    check_query(text);
    const auto left = terms_of(query);
    const auto right = terms_of(text);
    constexpr std::size_t max_compared = 20;
    for (std::size_t number = 0; number < std::min({left.size(), right.size(), max_compared}); ++number)
        check_matcher(left[number], right[number]);
    constexpr std::size_t max_highlighted = 300; // a query has at most 200 characters
    if (query.size() <= max_highlighted)
        check_highlighting(query, text);
}

} // namespace
} // namespace estante::analysis

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    estante::analysis::check({reinterpret_cast<const char*>(data), size});
    return 0;
}
