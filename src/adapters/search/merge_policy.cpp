#include "adapters/search/merge_policy.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {
namespace {

constexpr std::size_t size_ratio = 2;
constexpr std::size_t max_deleted_fraction = 4; // a quarter

bool has_many_deletions(const LiveSegment& segment)
{
    return segment.deleted_count * max_deleted_fraction > segment.segment->size();
}

} // namespace

std::vector<std::size_t> select_merge(std::span<const LiveSegment> segments, std::span<const LiveSegment> merging,
                                      std::size_t max_documents)
{
    std::vector<std::size_t> by_size;
    for (std::size_t index = 0; index < segments.size(); ++index)
        if (std::ranges::find(merging, segments[index].segment, &LiveSegment::segment) == merging.end())
            by_size.push_back(index);
    std::ranges::sort(by_size, {},
                      [segments](std::size_t index) { return std::pair(segments[index].live_count(), index); });

    for (auto first = by_size.begin(); first != by_size.end(); ++first) {
        auto end = first;
        for (std::size_t sum = 0; end != by_size.end(); ++end) {
            const auto size = segments[*end].live_count();
            if (end != first && (size >= size_ratio * sum || sum + size > max_documents))
                break;
            sum += size;
        }
        if (end - first > 1)
            return {first, end};
    }
    for (const auto index : by_size)
        if (has_many_deletions(segments[index]) && segments[index].live_count() <= max_documents)
            return {index};
    return {};
}

} // namespace estante::search
