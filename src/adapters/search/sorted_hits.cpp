#include "adapters/search/sorted_hits.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace estante::search {
namespace {

constexpr auto last_key = std::numeric_limits<std::int64_t>::max();

// Numbers in the order of the doubles.
std::int64_t ordered_bits(double value)
{
    const auto bits = std::bit_cast<std::int64_t>(value == 0 ? 0.0 : value);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
}

std::int64_t rating_key(double rating)
{
    return -ordered_bits(rating);
}

// Keeps the `limit` lowest of the pairs that it is offered.
class Lowest {
public:
    using Pair = std::pair<std::int64_t, std::uint16_t>;

    explicit Lowest(std::size_t limit) : limit_(limit) {}
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
    std::vector<Pair> pairs_; // a heap with the greatest in front
};

} // namespace

SortedHits::SortedHits(const Snapshot& snapshot, const analysis::TitleCollation& collation, SearchSort sort,
                       std::size_t limit, const std::optional<SortedPlace>& after)
    : snapshot_(snapshot), collation_(collation), sort_(sort), limit_(limit), after_(after)
{
    if (after && sort == SearchSort::title)
        after_title_key_ = collation.key_of(after->title);
}

std::int64_t SortedHits::key_of(const Columns& books, std::size_t document) const
{
    switch (sort_) {
    case SearchSort::price:
        return books.prices[document] == no_price ? last_key : books.prices[document];
    case SearchSort::price_descending:
        return books.prices[document] == no_price ? last_key : -books.prices[document];
    case SearchSort::year:
        return books.years[document] == no_year ? last_key : books.years[document];
    case SearchSort::updated:
        return books.updated[document];
    case SearchSort::relevance:
    case SearchSort::rating:
    case SearchSort::title:
        break;
    }
    return rating_key(books.ratings[document]);
}

void SortedHits::add(std::uint32_t segment, const Bits& matches)
{
    switch (sort_) {
    case SearchSort::relevance:
    case SearchSort::rating:
        return add_by_rating(segment, matches);
    case SearchSort::title:
        return add_by_title(segment, matches);
    default:
        return add_by_key(segment, matches);
    }
}

// A segment is in this order already.
void SortedHits::add_by_rating(std::uint32_t segment_number, const Bits& matches)
{
    const auto& books = snapshot_.segments[segment_number].segment->columns;
    std::size_t begin = 0;
    for (auto end = after_ ? books.size() : 0; begin < end;) {
        const auto middle = begin + (end - begin) / 2;
        const auto key = rating_key(books.ratings[middle]);
        if (key < after_->key || (key == after_->key && books.ids[middle] <= after_->book_id))
            begin = middle + 1;
        else
            end = middle;
    }
    std::size_t found = 0;
    matches.each_while(begin, [&](std::size_t document) {
        books_.push_back({.key = rating_key(books.ratings[document]),
                          .segment = segment_number,
                          .document = static_cast<DocumentNumber>(document)});
        return ++found < limit_;
    });
}

void SortedHits::add_by_title(std::uint32_t segment_number, const Bits& matches)
{
    const auto& segment = *snapshot_.segments[segment_number].segment;
    std::size_t first_place = 0;
    for (auto end = after_ ? segment.size() : 0; first_place < end;) {
        const auto middle = first_place + (end - first_place) / 2;
        const auto document = segment.by_title.documents[middle];
        const auto order = collation_.key_of(segment.columns.titles[document]).compare(after_title_key_);
        if (order < 0 || (order == 0 && segment.id_of(document) <= after_->book_id))
            first_place = middle + 1;
        else
            end = middle;
    }
    Lowest lowest(limit_);
    matches.each([&](std::size_t document) {
        const auto place = segment.by_title.places[document];
        if (place >= first_place)
            lowest.offer({place, place});
    });
    for (const auto& [key, place] : lowest.pairs()) {
        const auto document = segment.by_title.documents[place];
        books_.push_back({.title_key = collation_.key_of(segment.columns.titles[document]),
                          .segment = segment_number,
                          .document = document});
    }
}

void SortedHits::add_by_key(std::uint32_t segment_number, const Bits& matches)
{
    const auto& segment = *snapshot_.segments[segment_number].segment;
    const auto first_id_place = static_cast<std::size_t>(
        !after_ ? 0 : std::ranges::upper_bound(segment.by_id.documents, after_->book_id, {}, [&segment](auto document) {
                          return segment.id_of(document);
                      }) - segment.by_id.documents.begin());
    Lowest lowest(limit_);
    matches.each([&](std::size_t document) {
        const auto key = key_of(segment.columns, document);
        const auto place = segment.by_id.places[document];
        if (!after_ || key > after_->key || (key == after_->key && place >= first_id_place))
            lowest.offer({key, place});
    });
    for (const auto& [key, place] : lowest.pairs())
        books_.push_back({.key = key, .segment = segment_number, .document = segment.by_id.documents[place]});
}

std::vector<SortedBook> SortedHits::take()
{
    std::ranges::sort(books_, [this](const SortedBook& left, const SortedBook& right) {
        if (left.key != right.key)
            return left.key < right.key;
        if (left.title_key != right.title_key)
            return left.title_key < right.title_key;
        return snapshot_.segments[left.segment].segment->id_of(left.document) <
               snapshot_.segments[right.segment].segment->id_of(right.document);
    });
    books_.resize(std::min(books_.size(), limit_));
    return std::exchange(books_, {});
}

SortedPlace SortedHits::place_of(const SortedBook& book) const
{
    const auto& columns = snapshot_.segments[book.segment].segment->columns;
    return {.key = book.key,
            .title = sort_ == SearchSort::title ? std::string(columns.titles[book.document]) : std::string(),
            .book_id = std::string(columns.ids[book.document])};
}

} // namespace estante::search
