#include "adapters/aws/environment.hpp"

#include <unistd.h>

namespace estante::aws {

Environment process_environment()
{
    Environment all;
    for (char** entry = environ; entry && *entry; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('='); equals != std::string_view::npos)
            all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return all;
}

std::string_view variable(const Environment& environment, std::string_view name)
{
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string> region_from(const Environment& environment)
{
    for (const auto name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
        if (const auto region = variable(environment, name); !region.empty())
            return std::string(region);
    }
    return std::nullopt;
}

std::string endpoint_from(const Environment& environment, std::string_view service)
{
    std::string suffix(service);
    for (char& c : suffix)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c == '-' ? '_' : c;
    for (const auto& name : {"AWS_ENDPOINT_URL_" + suffix, std::string("AWS_ENDPOINT_URL")}) {
        if (const auto url = variable(environment, name); !url.empty())
            return std::string(url);
    }
    return {};
}

} // namespace estante::aws
