#include "adapters/search/fuzzy_prefix.hpp"

#include "analysis/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace estante::search {
namespace {

// The first position after `begin` whose string does not begin with `prefix`; the string at `begin` does. A galloping
// search.
std::size_t end_of_prefix(const PackedStrings& sorted, std::size_t begin, std::string_view prefix)
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

// The distance matrix between the prefixes of a string and those of the typed text, with a row for each letter of the
// string. Adjacent strings of the sorted list share the rows of their common prefix.
class PrefixDistances {
public:
    PrefixDistances(std::u32string_view typed, unsigned max_edits)
        : typed_(typed), max_edits_(max_edits), columns_(typed.size() + 1)
    {
        for (std::uint32_t column = 0; column < columns_; ++column)
            cells_.push_back(column);
    }

    // Sets the letter at index `depth` and computes its row.
    void put(std::size_t depth, char32_t letter)
    {
        if (depth < letters_.size() && letters_[depth] == letter)
            return;
        letters_.resize(depth);
        letters_.push_back(letter);
        fill_last_row();
    }
    bool matches(std::size_t depth) const { return row(depth)[columns_ - 1] <= max_edits_; }
    // No longer prefix can match. A transposition reaches back two rows.
    bool is_too_far(std::size_t depth) const
    {
        return min_of_row(depth) > max_edits_ && min_of_row(depth - 1) + 1 > max_edits_;
    }

private:
    const std::uint32_t* row(std::size_t depth) const { return cells_.data() + depth * columns_; }
    std::uint32_t min_of_row(std::size_t depth) const { return *std::min_element(row(depth), row(depth) + columns_); }

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
    unsigned max_edits_;
    std::size_t columns_;
    std::u32string letters_;
    std::vector<std::uint32_t> cells_;
};

} // namespace

PrefixRange find_prefix(const PackedStrings& sorted, std::string_view prefix)
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

std::vector<PrefixRange> find_fuzzy_prefixes(const PackedStrings& sorted, std::u32string_view typed, unsigned max_edits)
{
    std::vector<PrefixRange> found;
    if (typed.empty())
        return found;
    std::string first_letter;
    analysis::append_code_point(first_letter, static_cast<UChar32>(typed.front()));
    const auto candidates = find_prefix(sorted, first_letter);
    PrefixDistances distances(typed.substr(1), max_edits);
    if (distances.matches(0))
        return {candidates};

    for (auto position = candidates.begin; position < candidates.end;) {
        const auto text = sorted[position];
        auto next = position + 1;
        std::size_t depth = 0;
        for (auto at = first_letter.size(); at < text.size();) {
            distances.put(depth, static_cast<char32_t>(analysis::next_code_point(text, at)));
            ++depth;
            const bool matches = distances.matches(depth);
            if (!matches && !distances.is_too_far(depth))
                continue;
            next = end_of_prefix(sorted, position, text.substr(0, at));
            if (matches)
                found.push_back({position, next});
            break;
        }
        position = next;
    }
    return found;
}

} // namespace estante::search
