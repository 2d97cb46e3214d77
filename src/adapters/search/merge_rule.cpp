#include "adapters/search/merge_rule.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {
namespace {

constexpr std::size_t step = 2;
constexpr std::size_t deleted_share = 4;

bool has_lost_many(const LiveSegment& segment)
{
    return segment.deleted_count * deleted_share > segment.segment->size();
}

} // namespace

std::vector<std::size_t> segments_to_merge(std::span<const LiveSegment> segments, std::span<const LiveSegment> busy,
                                           std::size_t most_documents)
{
    std::vector<std::size_t> smallest_first;
    for (std::size_t place = 0; place < segments.size(); ++place)
        if (std::ranges::find(busy, segments[place].segment, &LiveSegment::segment) == busy.end())
            smallest_first.push_back(place);
    std::ranges::sort(smallest_first, {},
                      [segments](std::size_t place) { return std::pair(segments[place].live_count(), place); });

    for (auto first = smallest_first.begin(); first != smallest_first.end(); ++first) {
        auto end = first;
        for (std::size_t sum = 0; end != smallest_first.end(); ++end) {
            const auto size = segments[*end].live_count();
            if (end != first && (size >= step * sum || sum + size > most_documents))
                break;
            sum += size;
        }
        if (end - first > 1)
            return {first, end};
    }
    for (const auto place : smallest_first)
        if (has_lost_many(segments[place]) && segments[place].live_count() <= most_documents)
            return {place};
    return {};
}

} // namespace estante::search
