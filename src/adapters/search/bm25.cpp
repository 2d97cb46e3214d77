#include "adapters/search/bm25.hpp"

#include <bit>
#include <cmath>
#include <cstddef>

namespace estante::search {
namespace {

constexpr float k1 = 1.2F;
constexpr float b = 0.75F;
constexpr std::uint32_t exact_values = 24; // SmallFloat.NUM_FREE_VALUES

std::array<float, 256> decoded_lengths()
{
    std::array<float, 256> lengths{};
    for (std::size_t norm = 0; norm < lengths.size(); ++norm)
        lengths[norm] = static_cast<float>(decode_norm(static_cast<std::uint8_t>(norm)));
    return lengths;
}

} // namespace

std::uint8_t encode_norm(std::uint32_t length)
{
    if (length < exact_values)
        return static_cast<std::uint8_t>(length);
    const auto rest = length - exact_values;
    const auto bits = static_cast<std::uint32_t>(std::bit_width(rest));
    if (bits < 4)
        return static_cast<std::uint8_t>(exact_values + rest);
    const auto shift = bits - 4;
    const auto encoded = (rest >> shift & 0x07U) | (shift + 1) << 3;
    return static_cast<std::uint8_t>(exact_values + encoded);
}

std::uint32_t decode_norm(std::uint8_t norm)
{
    if (norm < exact_values)
        return norm;
    const auto encoded = norm - exact_values;
    const auto bits = encoded & 0x07U;
    const auto exponent = encoded >> 3;
    return exact_values + (exponent == 0 ? bits : (bits | 0x08U) << (exponent - 1));
}

float inverse_document_frequency(std::uint64_t document_count, std::uint64_t document_frequency)
{
    const auto count = static_cast<double>(document_count);
    const auto frequency = static_cast<double>(document_frequency);
    return static_cast<float>(std::log(1 + (count - frequency + 0.5) / (frequency + 0.5)));
}

NormInverses norm_inverses(const FieldStatistics& statistics)
{
    static const auto lengths = decoded_lengths();
    NormInverses inverse{};
    if (statistics.document_count == 0)
        return inverse;
    const auto average =
        static_cast<float>(static_cast<double>(statistics.term_count) / static_cast<double>(statistics.document_count));
    for (std::size_t norm = 0; norm < inverse.size(); ++norm)
        inverse[norm] = 1.0F / (k1 * ((1 - b) + b * lengths[norm] / average));
    return inverse;
}

} // namespace estante::search
