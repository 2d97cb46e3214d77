// Reads fuzzer input as mutations of valid data: offsets and the bytes to write there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

namespace estante {

// A mutation has three bytes: an offset (two bytes, modulo the length) and the new byte. An offset with the highest bit
// truncates the data there.
inline std::string mutated(std::string data, std::span<const std::uint8_t> mutations)
{
    constexpr std::size_t truncate_bit = 0x8000;
    for (; mutations.size() >= 3 && !data.empty(); mutations = mutations.subspan(3)) {
        const auto field = static_cast<std::size_t>(mutations[0] | mutations[1] << 8);
        const auto offset = (field & (truncate_bit - 1)) % data.size();
        if ((field & truncate_bit) != 0)
            data.resize(offset);
        else
            data[offset] = static_cast<char>(mutations[2]);
    }
    return data;
}

// The negative control: the seeds damage the data, so a run in which refusals count as failures must fail.
inline bool refusals_fail()
{
    static const bool control = std::getenv("ESTANTE_FUZZ_CONTROL") != nullptr; // NOLINT(concurrency-mt-unsafe)
    return control;
}

} // namespace estante
