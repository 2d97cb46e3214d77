#include "adapters/search/top_hits.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {

TopHits::TopHits(const Snapshot& snapshot, std::size_t limit, const std::optional<RelevancePlace>& after)
    : snapshot_(snapshot), limit_(limit), after_(after)
{
    hits_.reserve(limit);
}

bool TopHits::comes_first(const ScoredBook& left, const ScoredBook& right) const
{
    if (left.score != right.score)
        return left.score > right.score;
    if (left.segment == right.segment)
        return left.document < right.document; // a segment is in the order of rating and id
    const auto& left_books = snapshot_.segments[left.segment].segment->columns;
    const auto& right_books = snapshot_.segments[right.segment].segment->columns;
    const auto left_rating = left_books.ratings[left.document];
    const auto right_rating = right_books.ratings[right.document];
    if (left_rating != right_rating)
        return left_rating > right_rating;
    return left_books.ids[left.document] < right_books.ids[right.document];
}

bool TopHits::is_after_place(const ScoredBook& book) const
{
    if (book.score != after_->score)
        return book.score < after_->score;
    const auto& books = snapshot_.segments[book.segment].segment->columns;
    if (books.ratings[book.document] != after_->rating)
        return books.ratings[book.document] < after_->rating;
    return books.ids[book.document] > after_->book_id;
}

void TopHits::offer(const ScoredBook& book)
{
    const auto first = [this](const auto& left, const auto& right) { return comes_first(left, right); };
    if (hits_.size() == limit_ && !comes_first(book, hits_.front()))
        return;
    if (after_ && !is_after_place(book))
        return;
    if (hits_.size() == limit_) {
        std::ranges::pop_heap(hits_, first);
        hits_.pop_back();
    }
    hits_.push_back(book);
    std::ranges::push_heap(hits_, first);
}

std::vector<ScoredBook> TopHits::take()
{
    std::ranges::sort_heap(hits_, [this](const auto& left, const auto& right) { return comes_first(left, right); });
    return std::exchange(hits_, {});
}

} // namespace estante::search
