#include "hits.hpp"

#include <algorithm>
#include <cmath>

namespace estante::parity {

namespace {

bool is_near(float left, float right)
{
    constexpr float relative = 1e-6F;
    return std::abs(left - right) <= relative * std::abs(right);
}

} // namespace

bool are_same(const std::vector<SearchHit>& ours, const std::vector<SearchHit>& theirs, bool exact)
{
    return std::ranges::equal(ours, theirs, [exact](const SearchHit& left, const SearchHit& right) {
        return left.book_id == right.book_id &&
               (left.score == right.score || (!exact && is_near(left.score, right.score)));
    });
}

bool differ_in_near_ties(const std::vector<SearchHit>& longer, const std::vector<SearchHit>& theirs)
{
    if (longer.size() < theirs.size())
        return false;
    std::vector<std::vector<SearchHit>::const_iterator> places; // of theirs among ours
    for (std::size_t at = 0; at < theirs.size(); ++at) {
        const auto place = std::ranges::find(longer, theirs[at].book_id, &SearchHit::book_id);
        if (place == longer.end() || !is_near(place->score, theirs[at].score) ||
            !is_near(longer[at].score, theirs[at].score))
            return false;
        for (std::size_t before = 0; before < at; ++before) {
            const bool equal = places[before]->score == place->score && theirs[before].score == theirs[at].score;
            if (places[before] == place || (equal && places[before] > place))
                return false;
        }
        places.push_back(place);
    }
    return true;
}

} // namespace estante::parity
