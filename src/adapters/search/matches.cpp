#include "adapters/search/matches.hpp"

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

// Adds how often each group occurs among the books. Many books have the same group, and an addition waits for the one
// before it to the same place: four tables take turns. `group_of` answers the group of a book.
template <class GroupOf>
void count_groups(std::span<const DocumentNumber> books, GroupOf&& group_of, std::vector<std::uint32_t>& counts,
                  std::vector<std::uint32_t>& tables)
{
    constexpr std::size_t turns = 4;
    const auto groups = counts.size();
    const auto* const end = books.data() + books.size();
    const auto* book = books.data();
    if (books.size() >= turns * groups) {
        tables.assign(turns * groups, 0);
        auto* const first = tables.data();
        auto* const second = first + groups;
        auto* const third = second + groups;
        auto* const fourth = third + groups;
        for (; end - book >= static_cast<std::ptrdiff_t>(turns); book += turns) {
            ++first[group_of(book[0])];
            ++second[group_of(book[1])];
            ++third[group_of(book[2])];
            ++fourth[group_of(book[3])];
        }
        for (std::size_t group = 0; group < groups; ++group)
            counts[group] += first[group] + second[group] + third[group] + fourth[group];
    }
    for (; book != end; ++book)
        ++counts[group_of(*book)];
}

// Adds how often each group of the facet occurs; the last of `counts` is for books without a value.
void count_groups(const Groups& facet, std::size_t segment_books, std::span<const DocumentNumber> books,
                  std::vector<std::uint32_t>& counts, std::vector<std::uint32_t>& tables)
{
    const auto* const of_book = facet.of_book.data();
    const auto none = counts.size() - 1;
    std::size_t grouped = 0;
    for (const auto& group : facet.groups)
        grouped += group.books;
    if (grouped == segment_books) {
        if (facet.groups.size() == 1)
            counts[0] += static_cast<std::uint32_t>(books.size());
        else
            count_groups(
                books, [of_book](DocumentNumber book) -> std::size_t { return of_book[book]; }, counts, tables);
        return;
    }
    const auto group_of = [of_book, none](DocumentNumber book) { return std::min<std::size_t>(of_book[book], none); };
    count_groups(books, group_of, counts, tables);
}

void collect(const Bits& matches, bool others, std::vector<DocumentNumber>& books, std::size_t count)
{
    books.resize(count);
    auto* next = books.data();
    for (std::size_t number = 0; number < matches.word_count(); ++number) {
        auto word = others ? ~matches.word(number) : matches.word(number);
        if (others && (number + 1) * Bits::word_bits > matches.size())
            word &= (std::uint64_t{1} << (matches.size() % Bits::word_bits)) - 1;
        for (; word != 0; word &= word - 1)
            *next++ = static_cast<DocumentNumber>(number * Bits::word_bits +
                                                  static_cast<std::size_t>(std::countr_zero(word)));
    }
}

} // namespace

void FacetCounts::add(const Segment& segment, const Bits& matches, std::size_t match_count)
{
    const bool few = match_count * 2 <= segment.size(); // else fewer are left out than match
    collect(matches, !few, books_, few ? match_count : segment.size() - match_count);
    for (std::size_t facet = 0; facet < facet_count; ++facet) {
        const auto& groups = segment.facets[facet].groups;
        group_counts_.assign(groups.size() + 1, 0);
        count_groups(segment.facets[facet], segment.size(), books_, group_counts_, tables_);
        if (!few)
            for (std::size_t group = 0; group < groups.size(); ++group)
                group_counts_[group] = groups[group].books - group_counts_[group];
        merge(segment, static_cast<Facet>(facet));
    }
    for (std::size_t word = 0; word < matches.word_count(); ++word)
        in_stock_ +=
            static_cast<std::uint64_t>(std::popcount(matches.word(word) & segment.columns.in_stock.word(word)));
}

// Segments mostly have the same groups: what is known is added to in its place, what is new joins at the end.
void FacetCounts::merge(const Segment& segment, Facet facet)
{
    const bool named = facet == Facet::category || facet == Facet::language;
    const auto compare = [named](const Count& left, const Count& right) {
        return named ? left.name.compare(right.name) : left.number - right.number;
    };
    const auto& groups = segment.groups(facet).groups;
    auto& known = counts_[static_cast<std::size_t>(facet)];
    const auto known_before = known.size();
    std::size_t next = 0;
    for (std::size_t group = 0; group < groups.size(); ++group) {
        if (group_counts_[group] == 0)
            continue;
        const Count here{.name = named ? segment.name_of(groups[group]) : std::string_view(),
                         .number = named ? 0 : groups[group].key,
                         .count = group_counts_[group]};
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
