#include "adapters/search/bits.hpp"

// The processor's own instructions for it, where it has them: the loop is compiled twice, and which one runs is settled
// when the program is loaded. (Sanitizers are not ready by then.)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ESTANTE_SANITIZED
#endif
#endif
#if defined(__x86_64__) && !defined(ESTANTE_SANITIZED)
#define ESTANTE_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define ESTANTE_FOR_EACH_PROCESSOR
#endif

namespace estante::search {
namespace {

ESTANTE_FOR_EACH_PROCESSOR std::size_t count_set(const std::uint64_t* words, std::size_t count)
{
    std::size_t sum = 0;
    for (std::size_t at = 0; at < count; ++at)
        sum += static_cast<std::size_t>(std::popcount(words[at]));
    return sum;
}

ESTANTE_FOR_EACH_PROCESSOR std::size_t count_set_in_both(const std::uint64_t* words, const std::uint64_t* others,
                                                         std::size_t count)
{
    std::size_t sum = 0;
    for (std::size_t at = 0; at < count; ++at)
        sum += static_cast<std::size_t>(std::popcount(words[at] & others[at]));
    return sum;
}

// Most words have few members, and how many is not foreseen by the processor: eight are written at a time, of which
// only those count that are there.
ESTANTE_FOR_EACH_PROCESSOR std::uint16_t* write_members(const std::uint64_t* words, std::size_t count,
                                                        std::uint16_t* out)
{
    constexpr std::size_t at_once = 8;
    for (std::size_t at = 0; at < count; ++at) {
        auto word = words[at];
        if (word == 0)
            continue;
        const auto members = static_cast<std::size_t>(std::popcount(word));
        const auto begin = at * Bits::word_bits;
        for (std::size_t written = 0; written < members; written += at_once)
            for (std::size_t member = 0; member < at_once; ++member, word &= word - 1)
                out[written + member] =
                    static_cast<std::uint16_t>(begin + static_cast<std::size_t>(std::countr_zero(word)));
        out += members;
    }
    return out;
}

} // namespace

std::size_t count_bits(const std::uint64_t* words, std::size_t count)
{
    return count_set(words, count);
}

std::size_t count_common_bits(const std::uint64_t* words, const std::uint64_t* others, std::size_t count)
{
    return count_set_in_both(words, others, count);
}

void members_of(std::span<const std::uint64_t> words, std::size_t count, std::vector<std::uint16_t>& members)
{
    constexpr std::size_t room = 8; // beyond the last
    members.resize(count + room);
    write_members(words.data(), words.size(), members.data());
    members.resize(count);
}

} // namespace estante::search
