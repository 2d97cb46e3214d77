#include "adapters/search/completions.hpp"

#include "analysis/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>

namespace estante::search {
namespace {

constexpr std::size_t longest_input = 50; // max_input_length, UTF-16 units
constexpr std::size_t letters_for_one_edit = 3;
constexpr std::size_t letters_for_two_edits = 6;
constexpr std::size_t longest_fuzzy = longest_input + 3; // code points; no form is nearly as long

std::u32string code_points(std::string_view text)
{
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        points += static_cast<char32_t>(analysis::next_code_point(text, at));
    }
    return points;
}

} // namespace

std::string completion_form(std::string_view text)
{
    std::string form;
    form.reserve(text.size());
    bool between_words = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = analysis::next_code_point(text, at);
        if (!u_isalpha(c)) {
            between_words = true;
            continue;
        }
        if (between_words && !form.empty())
            form += ' ';
        between_words = false;
        analysis::append_code_point(form, u_tolower(c));
    }
    return form;
}

std::string_view completion_input(std::string_view title)
{
    std::size_t units = 0;
    std::size_t at = 0;
    while (at < title.size() && units < longest_input) {
        units += analysis::utf16_units(analysis::next_code_point(title, at));
    }
    return title.substr(0, at);
}

Completions::Completions(const PackedTexts& titles, const std::vector<std::uint16_t>& ranks)
{
    std::vector<std::string> forms;
    forms.reserve(titles.size());
    for (std::size_t document = 0; document < titles.size(); ++document) {
        forms.push_back(completion_form(completion_input(titles[document])));
        if (!forms.back().empty())
            documents_.push_back(static_cast<DocumentNumber>(document));
    }
    std::ranges::sort(documents_, [&forms](auto left, auto right) {
        const auto order = forms[left].compare(forms[right]);
        return order != 0 ? order < 0 : left < right;
    });
    ranks_.reserve(documents_.size());
    for (const auto document : documents_) {
        forms_.add(forms[document]);
        ranks_.push_back(ranks[document]);
    }
    forms_.shrink_to_fit();
    documents_.shrink_to_fit();
}

std::vector<DocumentNumber> Completions::best_of(const std::vector<TextRange>& ranges, std::size_t limit,
                                                 const Bits* deleted) const
{
    struct Best {
        std::uint16_t rank;
        DocumentNumber document;
    };
    std::vector<Best> best;
    for (const auto& range : ranges)
        for (auto place = range.begin; place < range.end; ++place) {
            const auto rank = ranks_[place];
            if (best.size() == limit && rank > best.back().rank)
                continue;
            if (deleted != nullptr && deleted->test(documents_[place]))
                continue;
            if (best.size() == limit)
                best.pop_back();
            best.insert(std::ranges::upper_bound(best, rank, {}, &Best::rank), Best{rank, documents_[place]});
        }
    std::vector<DocumentNumber> documents;
    documents.reserve(best.size());
    for (const auto& [rank, document] : best)
        documents.push_back(document);
    return documents;
}

std::vector<DocumentNumber> Completions::beginning_with(std::string_view form, std::size_t limit,
                                                        const Bits* deleted) const
{
    return best_of({texts_beginning_with(forms_, form)}, limit, deleted);
}

std::vector<DocumentNumber> Completions::nearly_beginning_with(std::string_view form, std::size_t limit,
                                                               const Bits* deleted) const
{
    const auto typed = code_points(form);
    if (typed.size() < letters_for_one_edit || typed.size() > longest_fuzzy)
        return {};
    const auto near = texts_nearly_beginning_with(forms_, typed, typed.size() < letters_for_two_edits ? 1 : 2);
    const auto exact = texts_beginning_with(forms_, form);

    // The exact ones lie together within one of the near ranges.
    std::vector<TextRange> rest;
    for (const auto& range : near) {
        rest.push_back({range.begin, std::clamp(exact.begin, range.begin, range.end)});
        rest.push_back({std::clamp(exact.end, range.begin, range.end), range.end});
    }
    return best_of(rest, limit, deleted);
}

std::size_t Completions::memory_bytes() const
{
    return forms_.memory_bytes() + documents_.capacity() * sizeof(DocumentNumber) +
           ranks_.capacity() * sizeof(std::uint16_t);
}

} // namespace estante::search
