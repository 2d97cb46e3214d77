// Turns the input of libFuzzer into mutations of a valid file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

namespace estante {

// Each mutation is three bytes: an offset (two bytes, modulo the length) and the new byte. An offset with the highest
// bit set truncates the file there.
inline std::string mutate(std::string file, std::span<const std::uint8_t> mutations)
{
    constexpr std::size_t truncates = 0x8000;
    for (; mutations.size() >= 3 && !file.empty(); mutations = mutations.subspan(3)) {
        const auto code = static_cast<std::size_t>(mutations[0] | mutations[1] << 8);
        const auto offset = (code & (truncates - 1)) % file.size();
        if ((code & truncates) != 0)
            file.resize(offset);
        else
            file[offset] = static_cast<char>(mutations[2]);
    }
    return file;
}

// The negative control: with ESTANTE_FUZZ_CONTROL a rejected file counts as a failure. The seeds contain mutations that
// must be rejected, so such a run must fail.
inline bool rejections_fail()
{
    static const bool control = std::getenv("ESTANTE_FUZZ_CONTROL") != nullptr; // NOLINT(concurrency-mt-unsafe)
    return control;
}

} // namespace estante
