#include "adapters/search/matches.hpp"

#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
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
template <class T> void keep_range(Bits& matches, const FlatArray<T>& column, T lowest, T highest)
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
void keep_range_if_asked(Bits& matches, const FlatArray<Column>& column, const std::optional<Bound>& lowest,
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
    keep_value(matches, segment, Field::isbn, query.isbn);
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

namespace {

constexpr std::uint32_t first_half = 0xFFFF;
constexpr unsigned half_bits = 16;

} // namespace

void FacetCounts::add(const Segment& segment, const Bits& matches, std::size_t match_count)
{
    const bool few = match_count * 2 <= segment.size(); // else fewer are left out than match
    if (!few) {
        others_ = Bits(segment.size(), true);
        others_.drop(matches);
    }
    (few ? matches : others_).members(few ? match_count : segment.size() - match_count, books_);
    for (std::size_t facet = 0; facet < facet_count; ++facet)
        group_counts_[facet].assign(segment.facets[facet].groups.size() + 1, 0);
    const auto& joint = segment.joint_facets;
    if (joint.empty() || books_.size() < joint.combinations(0).size() + joint.combinations(1).size())
        count_one_by_one(segment);
    else
        count_combinations(joint);
    for (std::size_t facet = 0; facet < facet_count; ++facet) {
        const auto& groups = segment.facets[facet].groups;
        if (!few)
            for (std::size_t group = 0; group < groups.size(); ++group)
                group_counts_[facet][group] = groups[group].books - group_counts_[facet][group];
        merge(segment, static_cast<Facet>(facet));
    }
    in_stock_ += matches.count_common(segment.columns.in_stock);
}

// Adds books that have the combination to the two groups that it is of; the last place of each facet is for books
// without a value.
void FacetCounts::add_to_groups(std::size_t half, JointFacets::Combination combination, std::uint32_t books)
{
    for (std::size_t part = 0; part < combination.size(); ++part) {
        auto& counts = group_counts_[static_cast<std::size_t>(JointFacets::facets_of_half[half][part])];
        counts[std::min<std::size_t>(combination[part], counts.size() - 1)] += books;
    }
}

void FacetCounts::count_one_by_one(const Segment& segment)
{
    for (std::size_t facet = 0; facet < facet_count; ++facet) {
        const auto& of_book = segment.facets[facet].of_book;
        auto& counts = group_counts_[facet];
        const auto without_value = counts.size() - 1;
        for (const auto book : books_)
            ++counts[std::min<std::size_t>(of_book[book], without_value)];
    }
}

// Neighbours often have the same combination, and an addition waits for the one before it to the same place: two tables
// take turns.
void FacetCounts::count_combinations(const JointFacets& joint)
{
    const std::array sizes{joint.combinations(0).size(), joint.combinations(1).size()};
    tables_.assign(2 * (sizes[0] + sizes[1]), 0);
    auto* const first = tables_.data();
    auto* const second = first + sizes[0];
    auto* const other_first = second + sizes[1];
    auto* const other_second = other_first + sizes[0];
    const auto* const of_book = joint.of_book().data();
    const auto pairs = books_.size() / 2;
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        const auto one = of_book[books_[2 * pair]];
        const auto next = of_book[books_[2 * pair + 1]];
        ++first[one & first_half];
        ++second[one >> half_bits];
        ++other_first[next & first_half];
        ++other_second[next >> half_bits];
    }
    if (books_.size() % 2 != 0) {
        const auto last = of_book[books_.back()];
        ++first[last & first_half];
        ++second[last >> half_bits];
    }
    const auto* const one = tables_.data();
    const auto* const other = one + sizes[0] + sizes[1];
    for (std::size_t half = 0, place = 0; half < JointFacets::halves; ++half)
        for (const auto& combination : joint.combinations(half)) {
            if (const auto books = one[place] + other[place]; books != 0)
                add_to_groups(half, combination, books);
            ++place;
        }
}

// Segments mostly have the same groups: what is known is added to in its place, what is new joins at the end.
void FacetCounts::merge(const Segment& segment, Facet facet)
{
    const bool named = facet == Facet::category || facet == Facet::language;
    const auto compare = [named](const Count& left, const Count& right) {
        return named ? left.name.compare(right.name) : left.number - right.number;
    };
    const auto& groups = segment.groups(facet).groups;
    const auto& counts = group_counts_[static_cast<std::size_t>(facet)];
    auto& known = counts_[static_cast<std::size_t>(facet)];
    const auto known_before = known.size();
    std::size_t next = 0;
    for (std::size_t group = 0; group < groups.size(); ++group) {
        if (counts[group] == 0)
            continue;
        const Count here{.name = named ? segment.name_of(groups[group]) : std::string_view(),
                         .number = named ? 0 : groups[group].key,
                         .count = counts[group]};
        int order = 1;
        while (next < known_before && (order = compare(known[next], here)) < 0)
            ++next;
        if (next < known_before && order == 0)
            known[next++].count += here.count;
        else
            known.push_back(here);
    }
    if (known_before == 0 || known.size() == known_before)
        return;
    std::vector<Count> merged;
    merged.reserve(known.size());
    const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known_before);
    std::merge(known.begin(), middle, middle, known.end(), std::back_inserter(merged),
               [&compare](const Count& left, const Count& right) { return compare(left, right) < 0; });
    known = std::move(merged);
}

SearchFacets FacetCounts::facets() const
{
    const auto counts_of = [this](Facet facet, auto&& text) {
        std::vector<FacetCount> counts;
        for (const auto& count : counts_[static_cast<std::size_t>(facet)])
            counts.push_back({text(count), count.count});
        return counts;
    };
    const auto name = [](const Count& count) { return std::string(count.name); };
    const auto year = [](const Count& count) { return std::to_string(count.number); };
    const auto band = [](const Count& count) { return price_band_name(count.number); };
    SearchFacets facets{.categories = counts_of(Facet::category, name),
                        .languages = counts_of(Facet::language, name),
                        .decades = counts_of(Facet::decade, year),
                        .price_bands = counts_of(Facet::price_band, band),
                        .in_stock = in_stock_};
    for (auto* counts : {&facets.categories, &facets.languages})
        std::ranges::sort(*counts, [](const FacetCount& left, const FacetCount& right) {
            return left.count != right.count ? left.count > right.count : left.value < right.value;
        });
    return facets;
}

std::vector<FacetCount> count_categories(const Snapshot& snapshot)
{
    FacetCounts counts;
    for (const auto& live : snapshot.segments) {
        Bits all(live.segment->size(), true);
        if (live.deleted != nullptr)
            all.drop(*live.deleted);
        counts.add(*live.segment, all, live.live_count());
    }
    auto categories = counts.facets().categories;
    std::ranges::sort(categories, {}, &FacetCount::value);
    return categories;
}

} // namespace estante::search
