#include "adapters/search/facet_combinations.hpp"

#include <unordered_map>

namespace estante::search {

FacetCombinations::FacetCombinations(const std::array<FacetDocValues, facet_count>& facets)
{
    const auto documents = facets.front().ordinals.size();
    if (documents < min_documents)
        return;
    ids_.resize(documents);
    constexpr unsigned id_bits = 16;
    for (std::size_t pair = 0; pair < pair_count; ++pair) {
        const auto& first = facets[static_cast<std::size_t>(pairs[pair][0])].ordinals;
        const auto& second = facets[static_cast<std::size_t>(pairs[pair][1])].ordinals;
        std::unordered_map<std::uint32_t, std::uint32_t> ids;
        for (std::size_t document = 0; document < documents; ++document) {
            const auto packed = static_cast<std::uint32_t>(first[document]) << id_bits | second[document];
            const auto [known, is_new] =
                ids.try_emplace(packed, static_cast<std::uint32_t>(combinations_[pair].size()));
            if (is_new)
                combinations_[pair].push_back({first[document], second[document]});
            ids_[document] |= known->second << (id_bits * pair);
        }
        combinations_[pair].shrink_to_fit();
    }
}

std::size_t FacetCombinations::memory_bytes() const
{
    auto sum = ids_.capacity() * sizeof(std::uint32_t);
    for (const auto& combinations : combinations_)
        sum += combinations.capacity() * sizeof(Combination);
    return sum;
}

} // namespace estante::search
