#include "adapters/aws/endpoint_url.hpp"

#include <algorithm>

namespace estante::aws {

namespace {

bool is_allowed(char c)
{
    return c > ' ' && c < '\x7F' && c != '#' && c != '@' && c != '\\';
}

bool is_port(std::string_view text)
{
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::optional<EndpointUrl> parse_endpoint_url(std::string_view text)
{
    EndpointUrl url{.tls = text.starts_with("https://")};
    const std::size_t scheme = url.tls ? 8 : 7;
    if ((!url.tls && !text.starts_with("http://")) || !std::ranges::all_of(text, is_allowed))
        return std::nullopt;
    const auto end = std::min(text.find_first_of("/?", scheme), text.size());
    url.origin = text.substr(0, end);
    url.authority = text.substr(scheme, end - scheme);
    url.target = text.substr(end);

    const bool ipv6 = url.authority.starts_with('[');
    const auto host_end = ipv6 ? url.authority.find(']') : std::min(url.authority.find(':'), url.authority.size());
    if (host_end == std::string_view::npos)
        return std::nullopt;
    url.host = url.authority.substr(ipv6 ? 1 : 0, host_end - (ipv6 ? 1 : 0));
    auto rest = url.authority.substr(host_end + (ipv6 ? 1 : 0));
    url.port = url.tls ? "443" : "80";
    if (!rest.empty()) {
        rest.remove_prefix(1);
        if (url.authority[url.authority.size() - rest.size() - 1] != ':' || !is_port(rest))
            return std::nullopt;
        if (rest == url.port)
            url.authority.remove_suffix(rest.size() + 1);
        url.port = rest;
    }
    if (url.host.empty())
        return std::nullopt;
    return url;
}

} // namespace estante::aws
