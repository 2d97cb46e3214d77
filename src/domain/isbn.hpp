// ISBN (ISO 2108): 13 digits. The older 10-digit form converts to 978…
#pragma once

#include "domain/text_format.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct Isbn {
    static constexpr TextFormat format{"un ISBN-13 o ISBN-10 con el dígito de control correcto",
                                       "an ISBN-13 or ISBN-10 with a correct check digit"};
    static constexpr std::string_view pattern = "^[0-9Xx -]{10,17}$";
    std::string value; // 13 digits

    auto operator<=>(const Isbn&) const = default;

    // Accepts 13 or 10 digits, with hyphens (also U+2010 to U+2015) or spaces between them and "ISBN" before them.
    static std::optional<Isbn> parse(std::string_view text);
    // The 10-character form; nothing for 979.
    std::optional<std::string> isbn10() const;
    // By the International ISBN Agency's RangeMessage: 978-0-439-02348-1. Digits only for a group that is not in it.
    std::string hyphenated() const;
};

} // namespace estante
