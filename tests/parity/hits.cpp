#include "hits.hpp"

#include <algorithm>
#include <cmath>

namespace estante::parity {

namespace {

bool are_close(float left, float right)
{
    constexpr float relative = 1e-6F;
    return std::abs(left - right) <= relative * std::abs(right);
}

} // namespace

bool are_equal(const std::vector<SearchHit>& ours, const std::vector<SearchHit>& theirs, bool exact)
{
    return std::ranges::equal(ours, theirs, [exact](const SearchHit& left, const SearchHit& right) {
        return left.book_id == right.book_id &&
               (left.score == right.score || (!exact && are_close(left.score, right.score)));
    });
}

bool differ_in_near_ties(const std::vector<SearchHit>& longer, const std::vector<SearchHit>& theirs)
{
    if (longer.size() < theirs.size())
        return false;
    std::vector<std::vector<SearchHit>::const_iterator> ranks; // of theirs in ours
    for (std::size_t at = 0; at < theirs.size(); ++at) {
        const auto rank = std::ranges::find(longer, theirs[at].book_id, &SearchHit::book_id);
        if (rank == longer.end() || !are_close(rank->score, theirs[at].score) ||
            !are_close(longer[at].score, theirs[at].score))
            return false;
        for (std::size_t before = 0; before < at; ++before) {
            const bool equal = ranks[before]->score == rank->score && theirs[before].score == theirs[at].score;
            if (ranks[before] == rank || (equal && ranks[before] > rank))
                return false;
        }
        ranks.push_back(rank);
    }
    return true;
}

} // namespace estante::parity
