#include "adapters/search/completions.hpp"

#include "analysis/completion_form.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>

namespace estante::search {
namespace {

std::u32string code_points(std::string_view text)
{
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        points += static_cast<char32_t>(analysis::next_code_point(text, at));
    }
    return points;
}

} // namespace

Completions::Completions(const PackedTexts& titles, std::span<const std::uint16_t> ranks)
{
    std::vector<std::string> forms;
    forms.reserve(titles.size());
    for (std::size_t document = 0; document < titles.size(); ++document) {
        forms.push_back(analysis::completion_form(analysis::completion_input(titles[document])));
        if (!forms.back().empty())
            documents_.push_back(static_cast<DocumentNumber>(document));
    }
    std::ranges::sort(documents_.changeable(), [&forms](auto left, auto right) {
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
    const auto edits = analysis::completion_edits(typed.size());
    if (edits == 0)
        return {};
    const auto near = texts_nearly_beginning_with(forms_, typed, edits);
    const auto exact = texts_beginning_with(forms_, form);

    // The exact ones lie together within one of the near ranges.
    std::vector<TextRange> rest;
    for (const auto& range : near) {
        rest.push_back({range.begin, std::clamp(exact.begin, range.begin, range.end)});
        rest.push_back({std::clamp(exact.end, range.begin, range.end), range.end});
    }
    return best_of(rest, limit, deleted);
}

bool Completions::is_sound(std::size_t documents) const
{
    return forms_.is_sound() && forms_.size() == documents_.size() && ranks_.size() == documents_.size() &&
           std::ranges::all_of(documents_, [documents](DocumentNumber document) { return document < documents; });
}

std::size_t Completions::memory_bytes() const
{
    return forms_.memory_bytes() + documents_.memory_bytes() + ranks_.memory_bytes();
}

} // namespace estante::search
