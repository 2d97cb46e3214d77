#include "adapters/search/folded_terms.hpp"

#include "analysis/accent_folding.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace estante::search {

namespace {

// Folds one term at a time. Most terms are ASCII and need no copy.
class TermFolder {
public:
    std::string_view fold(std::string_view term)
    {
        if (analysis::is_ascii(term))
            return term;
        text_.clear();
        analysis::append_folded(text_, term);
        return text_;
    }

private:
    std::string text_;
};

} // namespace

FoldedTerms::FoldedTerms(const InvertedIndex& index)
{
    std::vector<std::string> folded(index.terms().size());
    TermFolder folder;
    index.for_each_list([&](std::uint32_t term, Field field, const PostingList&) {
        if (number_of(field) >= scored_fields || (!terms_.empty() && terms_.back() == term))
            return;
        terms_.push_back(term);
        folded[term] = folder.fold(index.terms()[term]);
    });
    std::ranges::sort(terms_.mutable_values(), [&folded](std::uint32_t left, std::uint32_t right) {
        const auto order = folded[left].compare(folded[right]);
        return order != 0 ? order < 0 : left < right;
    });
    terms_.shrink_to_fit();
    signatures_.reserve(terms_.size());
    for (const auto term : terms_)
        signatures_.push_back(analysis::WordSignature(folded[term]));
}

bool FoldedTerms::is_consistent(std::size_t terms) const
{
    return signatures_.size() == terms_.size() &&
           std::ranges::all_of(terms_, [terms](std::uint32_t term) { return term < terms; });
}

std::size_t FoldedTerms::lower_bound(const InvertedIndex& index, std::string_view folded) const
{
    TermFolder folder;
    const auto first = std::ranges::partition_point(
        terms_, [&](std::uint32_t term) { return folder.fold(index.terms()[term]) < folded; });
    return static_cast<std::size_t>(first - terms_.begin());
}

std::vector<std::uint32_t> FoldedTerms::exact_matches(const InvertedIndex& index, std::string_view folded) const
{
    std::vector<std::uint32_t> found;
    TermFolder folder;
    for (auto at = lower_bound(index, folded); at < terms_.size() && folder.fold(index.terms()[terms_[at]]) == folded;
         ++at)
        found.push_back(terms_[at]);
    return found;
}

std::vector<std::uint32_t> FoldedTerms::fuzzy_matches(const InvertedIndex& index,
                                                      analysis::LevenshteinMatcher& matcher) const
{
    std::vector<std::uint32_t> found;
    if (matcher.letters().empty())
        return found;
    std::string first_letter;
    analysis::append_code_point(first_letter, static_cast<UChar32>(matcher.letters().front()));
    TermFolder folder;
    const auto begin = lower_bound(index, first_letter);
    const auto same_letter = std::span<const std::uint32_t>(terms_).subspan(begin);
    const auto end =
        begin +
        static_cast<std::size_t>(
            std::ranges::partition_point(
                same_letter, [&](auto term) { return folder.fold(index.terms()[term]).starts_with(first_letter); }) -
            same_letter.begin());
    for (auto at = begin; at < end; ++at)
        if (matcher.may_match(signatures_[at]) && matcher.matches(folder.fold(index.terms()[terms_[at]])))
            found.push_back(terms_[at]);
    return found;
}

} // namespace estante::search
