#include "adapters/search/joint_facets.hpp"

#include <unordered_map>

namespace estante::search {

JointFacets::JointFacets(const std::array<Groups, facet_count>& facets)
{
    if (facets.front().of_book.size() < fewest_books)
        return;
    of_book_.resize(facets.front().of_book.size());
    constexpr unsigned half_bits = 16;
    for (std::size_t half = 0; half < halves; ++half) {
        const auto& first = facets[static_cast<std::size_t>(facets_of_half[half][0])].of_book;
        const auto& second = facets[static_cast<std::size_t>(facets_of_half[half][1])].of_book;
        std::unordered_map<std::uint32_t, std::uint32_t> numbers;
        for (std::size_t book = 0; book < of_book_.size(); ++book) {
            const auto groups = static_cast<std::uint32_t>(first[book]) << half_bits | second[book];
            const auto [known, is_new] =
                numbers.try_emplace(groups, static_cast<std::uint32_t>(combinations_[half].size()));
            if (is_new)
                combinations_[half].push_back({first[book], second[book]});
            of_book_[book] |= known->second << (half_bits * half);
        }
        combinations_[half].shrink_to_fit();
    }
}

std::size_t JointFacets::memory_bytes() const
{
    auto sum = of_book_.capacity() * sizeof(std::uint32_t);
    for (const auto& combinations : combinations_)
        sum += combinations.capacity() * sizeof(Combination);
    return sum;
}

} // namespace estante::search
