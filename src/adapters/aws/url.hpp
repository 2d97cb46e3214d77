// The few parts of an endpoint's URL that a client needs.
#pragma once

#include <optional>
#include <string_view>

namespace estante::aws {

// Views into the text that was parsed.
struct Url {
    bool tls = false;
    std::string_view site{};      // "https://example.com:8443": what connections are kept by
    std::string_view authority{}; // "example.com:8443": the header Host; without the scheme's own port
    std::string_view host{};      // without the brackets of an IPv6 address
    std::string_view port{};      // "443" where the text names none
    std::string_view target{};    // path and query, "" or beginning with '/' or '?'
};

// Nothing unless it is http:// or https:// with a host, without user and fragment.
std::optional<Url> parse_url(std::string_view text);

} // namespace estante::aws
