#include "adapters/search/top_field_collector.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace estante::search {
namespace {

constexpr auto max_key = std::numeric_limits<std::int64_t>::max();

// Maps doubles to integers of the same order.
std::int64_t ordered_bits(double value)
{
    const auto bits = std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

std::int64_t rating_key(double rating)
{
    return -ordered_bits(rating);
}

// Keeps the `limit` lowest pairs.
class LowestPairs {
public:
    using Pair = std::pair<std::int64_t, std::uint16_t>;

    explicit LowestPairs(std::size_t limit) : limit_(limit) {}
    void offer(const Pair& pair)
    {
        if (pairs_.size() == limit_) {
            if (!(pair < pairs_.front()))
                return;
            std::ranges::pop_heap(pairs_);
            pairs_.pop_back();
        }
        pairs_.push_back(pair);
        std::ranges::push_heap(pairs_);
    }
    const std::vector<Pair>& pairs() const { return pairs_; }

private:
    std::size_t limit_;
    std::vector<Pair> pairs_; // a heap with the greatest at the front
};

} // namespace

TopFieldCollector::TopFieldCollector(const Snapshot& snapshot, const analysis::TitleCollation& collation,
                                     SearchSort sort, std::size_t limit, const std::optional<SortCursor>& after)
    : snapshot_(snapshot), collation_(collation), sort_(sort), limit_(limit), after_(after)
{
    if (after && sort == SearchSort::title)
        after_title_key_ = collation.key_of(after->title);
}

std::int64_t TopFieldCollector::sort_key(const Columns& columns, std::size_t document) const
{
    switch (sort_) {
    case SearchSort::price:
        return columns.prices[document] == no_price ? max_key : columns.prices[document];
    case SearchSort::price_descending:
        return columns.prices[document] == no_price ? max_key : -columns.prices[document];
    case SearchSort::year:
        return columns.years[document] == no_year ? max_key : columns.years[document];
    case SearchSort::updated:
        return columns.updated[document];
    case SearchSort::relevance:
    case SearchSort::rating:
    case SearchSort::title:
        break;
    }
    return rating_key(columns.ratings[document]);
}

void TopFieldCollector::collect(std::uint32_t segment, const BitSet& matches)
{
    switch (sort_) {
    case SearchSort::relevance:
    case SearchSort::rating:
        return collect_by_rating(segment, matches);
    case SearchSort::title:
        return collect_by_title(segment, matches);
    default:
        return collect_by_key(segment, matches);
    }
}

// The documents of a segment are already in this order.
void TopFieldCollector::collect_by_rating(std::uint32_t segment_number, const BitSet& matches)
{
    const auto& columns = snapshot_.segments[segment_number].segment->columns;
    std::size_t begin = 0;
    for (auto end = after_ ? columns.size() : 0; begin < end;) {
        const auto middle = begin + (end - begin) / 2;
        const auto key = rating_key(columns.ratings[middle]);
        if (key < after_->key || (key == after_->key && columns.ids[middle] <= after_->book_id))
            begin = middle + 1;
        else
            end = middle;
    }
    std::size_t found = 0;
    matches.for_each_while(begin, [&](std::size_t document) {
        hits_.push_back({.key = rating_key(columns.ratings[document]),
                         .segment = segment_number,
                         .document = static_cast<DocId>(document)});
        return ++found < limit_;
    });
}

void TopFieldCollector::collect_by_title(std::uint32_t segment_number, const BitSet& matches)
{
    const auto& segment = *snapshot_.segments[segment_number].segment;
    std::size_t first_position = 0;
    for (auto end = after_ ? segment.size() : 0; first_position < end;) {
        const auto middle = first_position + (end - first_position) / 2;
        const auto document = segment.by_title.documents[middle];
        const auto order = collation_.key_of(segment.columns.titles[document]).compare(after_title_key_);
        if (order < 0 || (order == 0 && segment.id_of(document) <= after_->book_id))
            first_position = middle + 1;
        else
            end = middle;
    }
    LowestPairs lowest(limit_);
    matches.for_each([&](std::size_t document) {
        const auto position = segment.by_title.positions[document];
        if (position >= first_position)
            lowest.offer({position, position});
    });
    for (const auto& [key, position] : lowest.pairs()) {
        const auto document = segment.by_title.documents[position];
        hits_.push_back({.title_key = collation_.key_of(segment.columns.titles[document]),
                         .segment = segment_number,
                         .document = document});
    }
}

void TopFieldCollector::collect_by_key(std::uint32_t segment_number, const BitSet& matches)
{
    const auto& segment = *snapshot_.segments[segment_number].segment;
    const auto first_id_position = static_cast<std::size_t>(
        !after_ ? 0 : std::ranges::upper_bound(segment.by_id.documents, after_->book_id, {}, [&segment](auto document) {
                          return segment.id_of(document);
                      }) - segment.by_id.documents.begin());
    LowestPairs lowest(limit_);
    matches.for_each([&](std::size_t document) {
        const auto key = sort_key(segment.columns, document);
        const auto position = segment.by_id.positions[document];
        if (!after_ || key > after_->key || (key == after_->key && position >= first_id_position))
            lowest.offer({key, position});
    });
    for (const auto& [key, position] : lowest.pairs())
        hits_.push_back({.key = key, .segment = segment_number, .document = segment.by_id.documents[position]});
}

std::vector<SortedDoc> TopFieldCollector::take()
{
    std::ranges::sort(hits_, [this](const SortedDoc& left, const SortedDoc& right) {
        if (left.key != right.key)
            return left.key < right.key;
        if (left.title_key != right.title_key)
            return left.title_key < right.title_key;
        return snapshot_.segments[left.segment].segment->id_of(left.document) <
               snapshot_.segments[right.segment].segment->id_of(right.document);
    });
    hits_.resize(std::min(hits_.size(), limit_));
    return std::exchange(hits_, {});
}

SortCursor TopFieldCollector::cursor_for(const SortedDoc& hit) const
{
    const auto& columns = snapshot_.segments[hit.segment].segment->columns;
    return {.key = hit.key,
            .title = sort_ == SearchSort::title ? std::string(columns.titles[hit.document]) : std::string(),
            .book_id = std::string(columns.ids[hit.document])};
}

} // namespace estante::search
