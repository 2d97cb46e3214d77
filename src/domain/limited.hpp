// Limits as types: the codec and the OpenAPI schema take the limits of a value from its type.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace estante {

// UTF-8 text without control characters; its length is counted in code points.
template <std::size_t Min, std::size_t Max> struct Text {
    static constexpr std::size_t min = Min;
    static constexpr std::size_t max = Max;
    std::string value;

    auto operator<=>(const Text&) const = default;
};

template <std::int64_t Min, std::int64_t Max> struct Int {
    static constexpr std::int64_t min = Min;
    static constexpr std::int64_t max = Max;
    std::int64_t value = Min;

    constexpr Int() = default;
    consteval Int(std::int64_t literal) : value(literal)
    {
        if (literal < Min || literal > Max)
            throw "outside its limits";
    }
    auto operator<=>(const Int&) const = default;
};

// A member that a request may leave out; its value is then Default.
template <class T, auto Default> struct Or {
    static constexpr auto fallback = Default;
    T value{Default};

    auto operator<=>(const Or&) const = default;
};

using Quantity = Int<1, 99>;

} // namespace estante
