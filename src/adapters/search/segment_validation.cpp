#include "adapters/search/segment_validation.hpp"

#include "ports/search_index.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace estante::search {
namespace {

bool is_in_range(std::span<const std::uint16_t> positions, std::size_t documents)
{
    return positions.size() == documents &&
           std::ranges::all_of(positions, [documents](auto at) { return at < documents; });
}

bool is_consistent(const DocumentOrder& order, std::size_t documents)
{
    if (!is_in_range(order.documents, documents) || !is_in_range(order.positions, documents))
        return false;
    for (std::size_t position = 0; position < documents; ++position)
        if (order.positions[order.documents[position]] != position)
            return false;
    return true;
}

// The exclusive upper bound of a facet's keys.
std::size_t key_limit(const Segment& segment, Facet facet)
{
    switch (facet) {
    case Facet::category:
    case Facet::language:
        return segment.index.terms().size();
    case Facet::price_band:
        return std::size(price_band_cents) + 1;
    case Facet::decade:
        break;
    }
    return std::size_t{1} << 32; // any year
}

bool is_consistent(const Segment& segment, Facet facet)
{
    const auto& [values, ordinals] = segment.doc_values(facet);
    const auto limit = key_limit(segment, facet);
    if (ordinals.size() != segment.size() || values.size() > segment.size())
        return false;
    std::vector<std::uint32_t> counts(values.size(), 0);
    for (const auto ordinal : ordinals)
        if (ordinal != no_ordinal) {
            if (ordinal >= values.size())
                return false;
            ++counts[ordinal];
        }
    return std::ranges::equal(values, counts, {}, &FacetDocValues::Value::document_count) &&
           std::ranges::all_of(values, [limit](const FacetDocValues::Value& value) {
               return static_cast<std::uint32_t>(value.key) <= limit - 1;
           });
}

} // namespace

bool is_consistent(const Segment& segment, std::size_t documents)
{
    const auto& columns = segment.columns;
    const auto has_all = [documents](const auto&... arrays) { return ((arrays.size() == documents) && ...); };
    if (!has_all(columns.ids, columns.titles, columns.versions, columns.ratings, columns.prices, columns.years,
                 columns.updated) ||
        !columns.ids.is_consistent() || !columns.titles.is_consistent())
        return false;
    for (std::size_t field = 0; field < scored_fields; ++field)
        if (!has_all(columns.lengths[field], columns.norms[field]))
            return false;
    for (std::size_t facet = 0; facet < facet_count; ++facet)
        if (!is_consistent(segment, static_cast<Facet>(facet)))
            return false;
    return is_consistent(segment.by_id, documents) && is_consistent(segment.by_title, documents) &&
           segment.index.is_consistent() && segment.folded_terms.is_consistent(segment.index.terms().size()) &&
           segment.completions.is_consistent(documents);
}

} // namespace estante::search
