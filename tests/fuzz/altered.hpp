// What libFuzzer invents, as alterations of something that is whole: places and the bytes that come there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

namespace estante {

// Three bytes each: a place (two bytes, modulo the length) and the byte. A place with the highest bit cuts off what is
// behind it.
inline std::string altered(std::string whole, std::span<const std::uint8_t> how)
{
    constexpr std::size_t cuts = 0x8000;
    for (; how.size() >= 3 && !whole.empty(); how = how.subspan(3)) {
        const auto said = static_cast<std::size_t>(how[0] | how[1] << 8);
        const auto place = (said & (cuts - 1)) % whole.size();
        if ((said & cuts) != 0)
            whole.resize(place);
        else
            whole[place] = static_cast<char>(how[2]);
    }
    return whole;
}

// The control: the seeds alter what they are meant to alter, so a run in which refusals count as failures must fail.
inline bool refusals_fail()
{
    static const bool control = std::getenv("ESTANTE_FUZZ_CONTROL") != nullptr; // NOLINT(concurrency-mt-unsafe)
    return control;
}

} // namespace estante
