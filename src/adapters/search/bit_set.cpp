#include "adapters/search/bit_set.hpp"

// Function multiversioning: the loops are compiled with and without the instructions of x86-64-v3, and the loader
// selects a version. (Its resolver runs before the sanitizers are initialized, so sanitized builds have one version.)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ESTANTE_SANITIZED
#endif
#endif
#if defined(__x86_64__) && !defined(ESTANTE_SANITIZED)
#define ESTANTE_MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define ESTANTE_MULTIVERSIONED
#endif

namespace estante::search {
namespace {

ESTANTE_MULTIVERSIONED std::size_t count_set(const std::uint64_t* words, std::size_t count)
{
    std::size_t sum = 0;
    for (std::size_t at = 0; at < count; ++at)
        sum += static_cast<std::size_t>(std::popcount(words[at]));
    return sum;
}

ESTANTE_MULTIVERSIONED std::size_t count_set_in_both(const std::uint64_t* words, const std::uint64_t* others,
                                                     std::size_t count)
{
    std::size_t sum = 0;
    for (std::size_t at = 0; at < count; ++at)
        sum += static_cast<std::size_t>(std::popcount(words[at] & others[at]));
    return sum;
}

// Most words have few bits set, and the branch predictor cannot foresee how many. So positions are written in batches
// of eight, and the surplus ones are overwritten by the next word.
ESTANTE_MULTIVERSIONED std::uint16_t* write_positions(const std::uint64_t* words, std::size_t count, std::uint16_t* out)
{
    constexpr std::size_t batch = 8;
    for (std::size_t at = 0; at < count; ++at) {
        auto word = words[at];
        if (word == 0)
            continue;
        const auto set_bits = static_cast<std::size_t>(std::popcount(word));
        const auto begin = at * BitSet::word_bits;
        for (std::size_t written = 0; written < set_bits; written += batch)
            for (std::size_t next = 0; next < batch; ++next, word &= word - 1)
                out[written + next] =
                    static_cast<std::uint16_t>(begin + static_cast<std::size_t>(std::countr_zero(word)));
        out += set_bits;
    }
    return out;
}

} // namespace

std::size_t count_bits(const std::uint64_t* words, std::size_t count)
{
    return count_set(words, count);
}

std::size_t count_intersection(const std::uint64_t* words, const std::uint64_t* others, std::size_t count)
{
    return count_set_in_both(words, others, count);
}

void collect_set_bits(std::span<const std::uint64_t> words, std::size_t count, std::vector<std::uint16_t>& positions)
{
    constexpr std::size_t surplus = 8; // the last batch writes beyond the last position
    positions.resize(count + surplus);
    write_positions(words.data(), words.size(), positions.data());
    positions.resize(count);
}

} // namespace estante::search
