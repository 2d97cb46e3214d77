#include "adapters/search/facet_counts.hpp"

#include "ports/rules/search_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace estante::search {
namespace {

constexpr std::uint32_t first_pair_mask = 0xFFFF;
constexpr unsigned pair_bits = 16;

} // namespace

void FacetCounter::add(const Segment& segment, const BitSet& matches, std::size_t match_count)
{
    const bool few = match_count * 2 <= segment.size(); // otherwise counting the documents that do not match is cheaper
    if (!few) {
        others_ = BitSet(segment.size(), true);
        others_.subtract(matches);
    }
    (few ? matches : others_).collect(few ? match_count : segment.size() - match_count, documents_);
    for (std::size_t facet = 0; facet < facet_count; ++facet)
        ordinal_counts_[facet].assign(segment.facets[facet].values.size() + 1, 0);
    const auto& combinations = segment.facet_combinations;
    if (combinations.empty() ||
        documents_.size() < combinations.combinations(0).size() + combinations.combinations(1).size())
        count_by_ordinal(segment);
    else
        count_combinations(combinations);
    for (std::size_t facet = 0; facet < facet_count; ++facet) {
        const auto& values = segment.facets[facet].values;
        if (!few)
            for (std::size_t ordinal = 0; ordinal < values.size(); ++ordinal)
                ordinal_counts_[facet][ordinal] = values[ordinal].document_count - ordinal_counts_[facet][ordinal];
        merge(segment, static_cast<Facet>(facet));
    }
    in_stock_ += matches.intersection_count(segment.columns.in_stock);
}

// Adds the count of a combination to its two ordinals. The last element of each facet counts documents without a value.
void FacetCounter::add_combination(std::size_t pair, FacetCombinations::Combination combination,
                                   std::uint32_t documents)
{
    for (std::size_t part = 0; part < combination.size(); ++part) {
        auto& counts = ordinal_counts_[static_cast<std::size_t>(FacetCombinations::pairs[pair][part])];
        counts[std::min<std::size_t>(combination[part], counts.size() - 1)] += documents;
    }
}

void FacetCounter::count_by_ordinal(const Segment& segment)
{
    for (std::size_t facet = 0; facet < facet_count; ++facet) {
        const auto& ordinals = segment.facets[facet].ordinals;
        auto& counts = ordinal_counts_[facet];
        const auto without_value = counts.size() - 1;
        for (const auto document : documents_)
            ++counts[std::min<std::size_t>(ordinals[document], without_value)];
    }
}

// Adjacent documents often have the same combination, and an increment stalls on the previous increment of the same
// counter. So two sets of counters are used in alternation.
void FacetCounter::count_combinations(const FacetCombinations& combinations)
{
    const std::array sizes{combinations.combinations(0).size(), combinations.combinations(1).size()};
    combination_counts_.assign(2 * (sizes[0] + sizes[1]), 0);
    auto* const first = combination_counts_.data();
    auto* const second = first + sizes[0];
    auto* const other_first = second + sizes[1];
    auto* const other_second = other_first + sizes[0];
    const auto* const ids = combinations.ids().data();
    const auto half = documents_.size() / 2;
    for (std::size_t at = 0; at < half; ++at) {
        const auto one = ids[documents_[2 * at]];
        const auto next = ids[documents_[2 * at + 1]];
        ++first[one & first_pair_mask];
        ++second[one >> pair_bits];
        ++other_first[next & first_pair_mask];
        ++other_second[next >> pair_bits];
    }
    if (documents_.size() % 2 != 0) {
        const auto last = ids[documents_.back()];
        ++first[last & first_pair_mask];
        ++second[last >> pair_bits];
    }
    const auto* const one = combination_counts_.data();
    const auto* const other = one + sizes[0] + sizes[1];
    for (std::size_t pair = 0, at = 0; pair < FacetCombinations::pair_count; ++pair)
        for (const auto& combination : combinations.combinations(pair)) {
            if (const auto documents = one[at] + other[at]; documents != 0)
                add_combination(pair, combination, documents);
            ++at;
        }
}

// Segments mostly have the same values: counts of known values are added in place, new values are appended and merged.
void FacetCounter::merge(const Segment& segment, Facet facet)
{
    const bool named = facet == Facet::category || facet == Facet::language;
    const auto compare = [named](const Count& left, const Count& right) {
        return named ? left.name.compare(right.name) : left.number - right.number;
    };
    const auto& values = segment.doc_values(facet).values;
    const auto& counts = ordinal_counts_[static_cast<std::size_t>(facet)];
    auto& known = counts_[static_cast<std::size_t>(facet)];
    const auto known_before = known.size();
    std::size_t next = 0;
    for (std::size_t ordinal = 0; ordinal < values.size(); ++ordinal) {
        if (counts[ordinal] == 0)
            continue;
        const Count here{.name = named ? segment.name_of(values[ordinal]) : std::string_view(),
                         .number = named ? 0 : values[ordinal].key,
                         .count = counts[ordinal]};
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

SearchFacets FacetCounter::facets() const
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
    FacetCounter counts;
    for (const auto& live : snapshot.segments) {
        BitSet all(live.segment->size(), true);
        if (live.deleted != nullptr)
            all.subtract(*live.deleted);
        counts.add(*live.segment, all, live.live_count());
    }
    auto categories = counts.facets().categories;
    std::ranges::sort(categories, {}, &FacetCount::value);
    return categories;
}

} // namespace estante::search
