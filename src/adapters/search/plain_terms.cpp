#include "adapters/search/plain_terms.hpp"

#include "analysis/accents.hpp"
#include "analysis/utf8.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace estante::search {

namespace {

// Of one term at a time; most have none to take off.
class Plain {
public:
    std::string_view of(std::string_view term)
    {
        if (analysis::is_ascii(term))
            return term;
        text_.clear();
        analysis::append_without_accents(text_, term);
        return text_;
    }

private:
    std::string text_;
};

} // namespace

PlainTerms::PlainTerms(const InvertedIndex& index)
{
    std::vector<std::string> plain(index.terms().size());
    Plain reader;
    index.each_list([&](std::uint32_t term, Field field, const Postings&) {
        if (number_of(field) >= scored_fields || (!terms_.empty() && terms_.back() == term))
            return;
        terms_.push_back(term);
        plain[term] = reader.of(index.terms()[term]);
    });
    std::ranges::sort(terms_.changeable(), [&plain](std::uint32_t left, std::uint32_t right) {
        const auto order = plain[left].compare(plain[right]);
        return order != 0 ? order < 0 : left < right;
    });
    terms_.shrink_to_fit();
    outlines_.reserve(terms_.size());
    for (const auto term : terms_)
        outlines_.push_back(analysis::WordOutline(plain[term]));
}

bool PlainTerms::is_sound(std::size_t terms) const
{
    return outlines_.size() == terms_.size() &&
           std::ranges::all_of(terms_, [terms](std::uint32_t term) { return term < terms; });
}

std::size_t PlainTerms::first_from(const InvertedIndex& index, std::string_view plain) const
{
    Plain reader;
    const auto first = std::ranges::partition_point(
        terms_, [&](std::uint32_t term) { return reader.of(index.terms()[term]) < plain; });
    return static_cast<std::size_t>(first - terms_.begin());
}

std::vector<std::uint32_t> PlainTerms::same(const InvertedIndex& index, std::string_view plain) const
{
    std::vector<std::uint32_t> found;
    Plain reader;
    for (auto at = first_from(index, plain); at < terms_.size() && reader.of(index.terms()[terms_[at]]) == plain; ++at)
        found.push_back(terms_[at]);
    return found;
}

std::vector<std::uint32_t> PlainTerms::near(const InvertedIndex& index, analysis::Spelling& spelling) const
{
    std::vector<std::uint32_t> found;
    if (spelling.letters().empty())
        return found;
    std::string first_letter;
    analysis::append_code_point(first_letter, static_cast<UChar32>(spelling.letters().front()));
    Plain reader;
    const auto begin = first_from(index, first_letter);
    const auto same_letter = std::span<const std::uint32_t>(terms_).subspan(begin);
    const auto end =
        begin +
        static_cast<std::size_t>(
            std::ranges::partition_point(
                same_letter, [&](auto term) { return reader.of(index.terms()[term]).starts_with(first_letter); }) -
            same_letter.begin());
    for (auto at = begin; at < end; ++at)
        if (spelling.may_be_near(outlines_[at]) && spelling.is_near(reader.of(index.terms()[terms_[at]])))
            found.push_back(terms_[at]);
    return found;
}

} // namespace estante::search
