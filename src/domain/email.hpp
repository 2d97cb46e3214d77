// An e-mail address as a user name, normalized so that one mailbox has one form.
#pragma once

#include "domain/text_format.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct Email {
    static constexpr TextFormat format{"una dirección de correo como ana@example.com, de 254 bytes como máximo",
                                       "an e-mail address such as ana@example.com, of at most 254 bytes"};
    static constexpr std::string_view pattern = "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$";
    static constexpr std::size_t max_bytes = 254;      // RFC 5321 §4.5.3.1.3: a path of 256 with its brackets
    static constexpr std::size_t max_local_bytes = 64; // RFC 5321 §4.5.3.1.1
    static constexpr std::size_t max_label_bytes = 63; // RFC 1035 §2.3.4
    std::string value;

    auto operator<=>(const Email&) const = default;

    // Trims the text, converts ASCII letters to lower case and other letters (RFC 6531) to NFC.
    // Accepts a dot-atom (RFC 5322 §3.2.3, no quoted forms), one @, and a domain of two or more labels whose last one
    // is not all digits (no address literals).
    static std::optional<Email> parse(std::string_view text);
};

} // namespace estante
