#include "adapters/search/segment.hpp"

#include "adapters/search/mapped_file.hpp"

#include <algorithm>
#include <cmath>

namespace estante::search {
void Columns::shrink_to_fit()
{
    const auto shrink = [](auto&... parts) { (parts.shrink_to_fit(), ...); };
    shrink(ids, titles, versions, ratings, prices, years, updated, in_stock);
    for (std::size_t field = 0; field < scored_fields; ++field)
        shrink(lengths[field], norms[field]);
}

std::size_t Columns::memory_bytes() const
{
    auto sum = ids.memory_bytes() + titles.memory_bytes() + versions.memory_bytes() + ratings.memory_bytes() +
               prices.memory_bytes() + years.memory_bytes() + updated.memory_bytes() + in_stock.memory_bytes();
    for (std::size_t field = 0; field < scored_fields; ++field)
        sum += lengths[field].memory_bytes() + norms[field].memory_bytes();
    return sum;
}

std::size_t DocumentOrder::memory_bytes() const
{
    return documents.memory_bytes() + positions.memory_bytes();
}

std::optional<DocId> Segment::find(std::string_view book_id) const
{
    const auto found =
        std::ranges::lower_bound(by_id.documents, book_id, {}, [this](auto document) { return id_of(document); });
    if (found == by_id.documents.end() || id_of(*found) != book_id)
        return std::nullopt;
    return *found;
}

void Segment::count_statistics()
{
    statistics = {};
    for (std::size_t field = 0; field < scored_fields; ++field)
        for (const auto length : columns.lengths[field]) {
            statistics[field].document_count += length > 0 ? 1 : 0;
            statistics[field].term_count += length;
        }
}

std::size_t Segment::memory_bytes() const
{
    auto sum = sizeof(Segment) + columns.memory_bytes() + index.memory_bytes() + folded_terms.memory_bytes() +
               by_id.memory_bytes() + by_title.memory_bytes() + completions.memory_bytes() +
               facet_combinations.memory_bytes();
    for (const FacetDocValues& doc_values : facets)
        sum += doc_values.memory_bytes();
    return sum + (file == nullptr ? 0 : file->bytes().size());
}

std::size_t Snapshot::live_count() const
{
    std::size_t sum = 0;
    for (const auto& segment : segments)
        sum += segment.live_count();
    return sum;
}

} // namespace estante::search
