#include "adapters/search/fuzzy_prefix.hpp"

#include "analysis/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace estante::search {
namespace {

// The first place from `begin` on whose text does not begin with `prefix`, which the one at `begin` does.
std::size_t end_of_prefix(const PackedTexts& sorted, std::size_t begin, std::string_view prefix)
{
    std::size_t step = 1;
    auto inside = begin;
    while (inside + step < sorted.size() && sorted[inside + step].starts_with(prefix)) {
        inside += step;
        step *= 2;
    }
    auto outside = std::min(inside + step, sorted.size());
    while (inside + 1 < outside) {
        const auto middle = inside + (outside - inside) / 2;
        (sorted[middle].starts_with(prefix) ? inside : outside) = middle;
    }
    return outside;
}

// The edit distances between the beginnings of a text and those of what was typed, a row for each letter of the text.
// Neighbours in the list share their first rows.
class Distances {
public:
    Distances(std::u32string_view typed, unsigned edits) : typed_(typed), edits_(edits), columns_(typed.size() + 1)
    {
        for (std::uint32_t column = 0; column < columns_; ++column)
            cells_.push_back(column);
    }

    // Sets the letter after the first `depth` ones.
    void put(std::size_t depth, char32_t letter)
    {
        if (depth < letters_.size() && letters_[depth] == letter)
            return;
        letters_.resize(depth);
        letters_.push_back(letter);
        fill_last_row();
    }
    bool near(std::size_t depth) const { return row(depth)[columns_ - 1] <= edits_; }
    // No longer beginning can be near. A swap reaches back two rows.
    bool hopeless(std::size_t depth) const { return lowest(depth) > edits_ && lowest(depth - 1) + 1 > edits_; }

private:
    const std::uint32_t* row(std::size_t depth) const { return cells_.data() + depth * columns_; }
    std::uint32_t lowest(std::size_t depth) const { return *std::min_element(row(depth), row(depth) + columns_); }

    void fill_last_row()
    {
        const auto depth = letters_.size();
        if (cells_.size() < (depth + 1) * columns_)
            cells_.resize((depth + 1) * columns_);
        auto* last = cells_.data() + depth * columns_;
        const auto* above = row(depth - 1);
        last[0] = above[0] + 1;
        for (std::size_t column = 1; column < columns_; ++column) {
            const bool equal = typed_[column - 1] == letters_[depth - 1];
            last[column] = std::min({above[column] + 1, last[column - 1] + 1, above[column - 1] + (equal ? 0U : 1U)});
            if (depth > 1 && column > 1 && typed_[column - 1] == letters_[depth - 2] &&
                typed_[column - 2] == letters_[depth - 1])
                last[column] = std::min(last[column], row(depth - 2)[column - 2] + 1);
        }
    }

    std::u32string_view typed_;
    unsigned edits_;
    std::size_t columns_;
    std::u32string letters_;
    std::vector<std::uint32_t> cells_;
};

} // namespace

TextRange texts_beginning_with(const PackedTexts& sorted, std::string_view prefix)
{
    std::size_t begin = 0;
    for (auto end = sorted.size(); begin < end;) {
        const auto middle = begin + (end - begin) / 2;
        if (sorted[middle] < prefix)
            begin = middle + 1;
        else
            end = middle;
    }
    if (begin == sorted.size() || !sorted[begin].starts_with(prefix))
        return {begin, begin};
    return {begin, end_of_prefix(sorted, begin, prefix)};
}

std::vector<TextRange> texts_nearly_beginning_with(const PackedTexts& sorted, std::u32string_view typed, unsigned edits)
{
    std::vector<TextRange> found;
    if (typed.empty())
        return found;
    std::string first_letter;
    analysis::append_code_point(first_letter, static_cast<UChar32>(typed.front()));
    const auto candidates = texts_beginning_with(sorted, first_letter);
    Distances distances(typed.substr(1), edits);
    if (distances.near(0))
        return {candidates};

    for (auto place = candidates.begin; place < candidates.end;) {
        const auto text = sorted[place];
        auto next = place + 1;
        std::size_t depth = 0;
        for (auto at = first_letter.size(); at < text.size();) {
            distances.put(depth, static_cast<char32_t>(analysis::next_code_point(text, at)));
            ++depth;
            const bool near = distances.near(depth);
            if (!near && !distances.hopeless(depth))
                continue;
            next = end_of_prefix(sorted, place, text.substr(0, at));
            if (near)
                found.push_back({place, next});
            break;
        }
        place = next;
    }
    return found;
}

} // namespace estante::search
