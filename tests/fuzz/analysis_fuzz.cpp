// For any input, words, terms, spellings, completions and highlighted texts satisfy the invariants of their headers.
// The first line of the input is a query, the rest a text.
#include "analysis/accents.hpp"
#include "analysis/analyzer.hpp"
#include "analysis/completion_form.hpp"
#include "analysis/query_words.hpp"
#include "analysis/search_rules.hpp"
#include "analysis/spelling.hpp"
#include "analysis/title_collation.hpp"
#include "analysis/utf8.hpp"
#include "analysis/word_splitter.hpp"

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

// With ESTANTE_FUZZ_CONTROL an invariant that does not hold: the negative control.
std::size_t max_word_length()
{
    static const bool control =
        std::getenv("ESTANTE_FUZZ_CONTROL") != nullptr; // NOLINT(concurrency-mt-unsafe): there is one thread
    return control ? WordSplitter::longest_word - 1 : WordSplitter::longest_word;
}

std::vector<std::string> terms_of(std::string_view text)
{
    std::vector<std::string> found;
    SpanishTerms terms(text);
    for (std::string_view term; terms.next(term);)
        found.emplace_back(term);
    return found;
}

void check_words(std::string_view text)
{
    const auto* end = text.data();
    std::size_t words = 0;
    WordSplitter splitter(text);
    for (std::string_view word; splitter.next(word); ++words) {
        expect(!word.empty(), "a word is not empty");
        expect(word.data() >= end, "words come in order and do not overlap");
        end = word.data() + word.size();
        expect(end <= text.data() + text.size(), "words are parts of the text");
        expect(units_of(word) <= max_word_length(), "a word has at most 255 UTF-16 units");
        expect(is_well_formed(word), "an ill-formed sequence belongs to no word");
        std::string lower;
        append_lower_case(lower, word);
        std::string again;
        append_lower_case(again, lower);
        expect(lower == again, "lower case is lower case");
        auto stem = lower;
        stem_spanish(stem);
        expect(is_well_formed(stem) && units_of(stem) <= units_of(lower), "a stem is a part of its word");
    }
    const auto terms = terms_of(text);
    expect(terms.size() <= words, "each term is of a word");
    for (const auto& term : terms)
        expect(!term.empty() && is_well_formed(term), "a term is text");
    expect(terms == terms_of(text), "the same text has the same terms");
}

void check_accents(std::string_view text)
{
    const auto plain = without_accents(text);
    expect(is_well_formed(plain), "without accents it is well-formed");
    expect(without_accents(plain) == plain, "accents go at once");
    expect(is_without_accents(plain), "what has lost its accents has none");
    if (is_without_accents(text))
        expect(plain == text, "what has no accents stays");
    for (const auto& term : terms_without_accents(text)) {
        expect(!term.empty() && is_without_accents(term), "a plain term has no accents");
        expect(std::ranges::none_of(term, [](char c) { return c == ' ' || c == '\t' || c == '\n'; }),
               "a plain term holds no white space");
    }
}

void check_completion(std::string_view text)
{
    const auto form = completion_form(text);
    expect(is_well_formed(form), "a form is well-formed");
    expect(completion_form(form) == form, "a form is its own form");
    expect(form.empty() || (form.front() != ' ' && form.back() != ' '), "a form begins and ends with a letter");
    expect(form.find("  ") == form.npos, "the words of a form are one space apart");
    const auto input = completion_input(text);
    expect(text.starts_with(input), "what is indexed is the beginning of the title");
    expect(units_of(input) <= longest_completion + 1, "what is indexed is at most 51 units");
}

void check_query(std::string_view query)
{
    const auto part = searched_part(query);
    expect(query.starts_with(part), "what is searched is the beginning of the query");
    expect(terms_of(part).size() <= most_query_words, "at most 100 words are searched");
    expect(searched_part(part) == part, "what is searched is searched whole");
    auto all = terms_of(query);
    auto some = terms_of(part);
    expect(std::ranges::equal(some, all | std::views::take(some.size())), "and its terms are those of the query");
    const auto once = distinct(all);
    expect(distinct(once) == once && once.size() <= all.size(), "distinct terms are distinct");
}

void check_spelling(const std::string& word, const std::string& other)
{
    Spelling here(word);
    Spelling there(other);
    expect(here.distance(word) == 0, "a word is itself");
    expect(here.edits() == edits_allowed(here.letters().size()), "edits follow from the length");
    const auto distance = here.distance(other);
    const auto back = there.distance(word);
    if (distance <= here.edits() && distance <= there.edits())
        expect(distance == back, "as near there as here");
    if (distance == 0)
        expect(here.letters() == there.letters(), "only the word itself is no edit away");
}

// The text that a browser shows for some HTML.
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

void check_marks(std::string_view query, std::string_view text)
{
    for (const bool near : {false, true}) {
        Highlighter highlighter(query, near);
        if (const auto whole = highlighter.whole(text)) {
            expect(shown(*whole) == text, "the whole text is shown");
            const auto marks = count(*whole, "<em>");
            expect(marks > 0 && marks == count(*whole, "</em>"), "each mark ends");
            expect(count(*whole, "<") == 2 * marks, "marks are the only tags");
        }
        if (const auto part = highlighter.part(text, 20)) {
            expect(count(*part, "<em>") > 0, "a part has a word that matches");
            expect(is_well_formed(*part) || !is_well_formed(text), "a part is cut between letters");
        }
    }
    Correction correction(query);
    correction.offer(text);
    if (const auto corrected = correction.corrected()) {
        expect(*corrected != query, "a correction is another query");
        expect(is_well_formed(*corrected) || !is_well_formed(query), "a correction is as well-formed as the query");
    }
    Correction seen(query);
    seen.saw(query);
    expect(!seen.is_wanted() && !seen.corrected(), "what was seen is not corrected");
}

void check(std::string_view input)
{
    static const TitleCollation collation;
    const auto line_end = input.find('\n');
    const auto query = input.substr(0, line_end);
    const auto text = line_end == input.npos ? input : input.substr(line_end + 1);
    for (const auto part : {query, text}) {
        check_words(part);
        check_accents(part);
        check_completion(part);
        expect(collation.key_of(part) == collation.key_of(part), "a title has one place");
    }
    check_query(query);
    check_query(text);
    const auto left = terms_of(query);
    const auto right = terms_of(text);
    constexpr std::size_t max_compared = 20;
    for (std::size_t number = 0; number < std::min({left.size(), right.size(), max_compared}); ++number)
        check_spelling(left[number], right[number]);
    constexpr std::size_t max_highlighted = 300; // a query has at most 200 letters
    if (query.size() <= max_highlighted)
        check_marks(query, text);
}

} // namespace
} // namespace estante::analysis

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    estante::analysis::check({reinterpret_cast<const char*>(data), size});
    return 0;
}
