// The parts of an endpoint's URL that the client needs.
#pragma once

#include <optional>
#include <string_view>

namespace estante::aws {

// Views into the parsed text.
struct EndpointUrl {
    bool tls = false;
    std::string_view origin{};    // "https://example.com:8443": connections are shared by origin
    std::string_view authority{}; // "example.com:8443": the header Host; without the scheme's default port
    std::string_view host{};      // without the brackets of an IPv6 address
    std::string_view port{};      // the scheme's default when the text names none
    std::string_view target{};    // path and query: empty, or beginning with '/' or '?'
};

// Nothing unless the text is an http or https URL with a host, without user and fragment.
std::optional<EndpointUrl> parse_endpoint_url(std::string_view text);

} // namespace estante::aws
