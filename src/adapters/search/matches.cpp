#include "adapters/search/matches.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace estante::search {
namespace {

void keep_value(Bits& matches, const Segment& segment, Field field, const std::optional<std::string>& value)
{
    if (!value)
        return;
    const auto term = segment.index.terms().find(*value, Dictionary::hash_of(*value));
    Bits with_value(segment.size());
    unite(with_value, segment.index.find(field, term));
    matches.keep(with_value);
}

// Keeps the books whose column is within the range, both ends included. An absent value is the lowest number there is.
template <class T> void keep_range(Bits& matches, const std::vector<T>& column, T lowest, T highest)
{
    constexpr int few = 12;
    for (std::size_t word = 0; word < matches.word_count(); ++word) {
        auto members = matches.word(word);
        const auto begin = word * Bits::word_bits;
        if (std::popcount(members) < few) {
            for (auto rest = members; rest != 0; rest &= rest - 1) {
                const auto value = column[begin + static_cast<std::size_t>(std::countr_zero(rest))];
                if (value < lowest || value > highest)
                    members &= ~(rest & -rest);
            }
        } else {
            std::uint64_t within = 0;
            const auto size = std::min(Bits::word_bits, column.size() - begin);
            for (std::size_t at = 0; at < size; ++at) {
                const auto value = column[begin + at];
                within |= static_cast<std::uint64_t>(value >= lowest && value <= highest) << at;
            }
            members &= within;
        }
        matches.word(word) = members;
    }
}

template <class Column, class Bound>
void keep_range_if_asked(Bits& matches, const std::vector<Column>& column, const std::optional<Bound>& lowest,
                         const std::optional<Bound>& highest)
{
    if (!lowest && !highest)
        return;
    constexpr Column first_value = std::numeric_limits<Column>::min() + 1; // below it: none
    constexpr Column last_value = std::numeric_limits<Column>::max();
    keep_range(matches, column, std::max<Column>(first_value, lowest.value_or(first_value)),
               highest.value_or(last_value));
}

} // namespace

Bits matches_in(const LiveSegment& live, const SearchQuery& query, const TextQuery* text, std::size_t segment_number)
{
    const auto& segment = *live.segment;
    Bits matches(segment.size(), text == nullptr);
    if (text != nullptr)
        for (const auto& postings : text->postings(segment_number))
            unite(matches, postings);
    if (live.deleted != nullptr)
        matches.drop(*live.deleted);

    keep_value(matches, segment, Field::category, query.category);
    keep_value(matches, segment, Field::contributor, query.author);
    keep_value(matches, segment, Field::language, query.language);
    if (query.in_stock.has_value()) {
        if (*query.in_stock)
            matches.keep(segment.columns.in_stock);
        else
            matches.drop(segment.columns.in_stock);
    }
    keep_range_if_asked(matches, segment.columns.prices, query.min_price_cents, query.max_price_cents);
    keep_range_if_asked(matches, segment.columns.years, query.year_from, query.year_to);
    keep_range_if_asked(matches, segment.columns.updated, query.updated_since_ms, std::optional<std::int64_t>{});
    return matches;
}

void CategoryCounts::add(const Segment& segment, const Bits& matches, std::size_t match_count)
{
    const auto& categories = segment.columns.categories;
    std::vector<std::uint32_t> counts(segment.categories.size() + 1, 0); // the last: without a category
    const auto none = segment.categories.size();
    const auto count = [&](std::size_t document, std::uint32_t one) {
        counts[std::min<std::size_t>(categories[document], none)] += one;
    };
    if (match_count * 2 <= segment.size()) {
        matches.each([&count](std::size_t document) { count(document, 1); });
    } else { // fewer are left out than match
        for (std::size_t category = 0; category < segment.categories.size(); ++category)
            counts[category] = segment.categories[category].books;
        Bits others(segment.size(), true);
        others.drop(matches);
        others.each([&count](std::size_t document) { count(document, 0U - 1U); });
    }
    merge(segment, counts);
}

void CategoryCounts::add_all(const LiveSegment& live)
{
    Bits all(live.segment->size(), true);
    if (live.deleted != nullptr)
        all.drop(*live.deleted);
    add(*live.segment, all, live.live_count());
}

void CategoryCounts::merge(const Segment& segment, const std::vector<std::uint32_t>& counts)
{
    std::vector<Count> merged;
    merged.reserve(counts_.size() + segment.categories.size());
    auto next = counts_.cbegin();
    for (std::size_t category = 0; category < segment.categories.size(); ++category) {
        if (counts[category] == 0)
            continue;
        const auto value = segment.category_name(category);
        while (next != counts_.cend() && next->value < value)
            merged.push_back(*next++);
        const bool known = next != counts_.cend() && next->value == value;
        merged.push_back({value, counts[category] + (known ? (next++)->count : 0)});
    }
    merged.insert(merged.end(), next, counts_.cend());
    counts_ = std::move(merged);
}

std::vector<FacetCount> CategoryCounts::by_value() const
{
    std::vector<FacetCount> counts;
    counts.reserve(counts_.size());
    for (const auto& [value, count] : counts_)
        counts.push_back({std::string(value), count});
    return counts;
}

std::vector<FacetCount> CategoryCounts::by_count() const
{
    std::vector<std::pair<std::uint64_t, std::size_t>>
        order; // count below the greatest number there is, place by value
    order.reserve(counts_.size());
    for (std::size_t place = 0; place < counts_.size(); ++place)
        order.emplace_back(std::numeric_limits<std::uint64_t>::max() - counts_[place].count, place);
    std::ranges::sort(order);
    std::vector<FacetCount> counts;
    counts.reserve(order.size());
    for (const auto& [key, place] : order)
        counts.push_back({std::string(counts_[place].value), counts_[place].count});
    return counts;
}

} // namespace estante::search
