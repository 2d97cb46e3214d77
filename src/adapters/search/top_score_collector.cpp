#include "adapters/search/top_score_collector.hpp"

#include <algorithm>
#include <utility>

namespace estante::search {

TopScoreCollector::TopScoreCollector(const Snapshot& snapshot, std::size_t limit,
                                     const std::optional<RelevanceCursor>& after)
    : snapshot_(snapshot), limit_(limit), after_(after)
{
    hits_.reserve(limit);
}

bool TopScoreCollector::ranks_before(const ScoredDoc& left, const ScoredDoc& right) const
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

bool TopScoreCollector::is_after_cursor(const ScoredDoc& candidate) const
{
    if (candidate.score != after_->score)
        return candidate.score < after_->score;
    const auto& books = snapshot_.segments[candidate.segment].segment->columns;
    if (books.ratings[candidate.document] != after_->rating)
        return books.ratings[candidate.document] < after_->rating;
    return books.ids[candidate.document] > after_->book_id;
}

void TopScoreCollector::collect(const ScoredDoc& candidate)
{
    const auto first = [this](const auto& left, const auto& right) { return ranks_before(left, right); };
    if (hits_.size() == limit_ && !ranks_before(candidate, hits_.front()))
        return;
    if (after_ && !is_after_cursor(candidate))
        return;
    if (hits_.size() == limit_) {
        std::ranges::pop_heap(hits_, first);
        hits_.pop_back();
    }
    hits_.push_back(candidate);
    std::ranges::push_heap(hits_, first);
}

std::vector<ScoredDoc> TopScoreCollector::take()
{
    std::ranges::sort_heap(hits_, [this](const auto& left, const auto& right) { return ranks_before(left, right); });
    return std::exchange(hits_, {});
}

} // namespace estante::search
