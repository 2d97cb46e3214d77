// What the environment says about AWS, as a value, so that a test can say it too.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace estante::aws {

using Environment = std::map<std::string, std::string, std::less<>>;

// A copy of the process's own. Before any thread changes it.
Environment process_environment();

// The value of a variable; empty when it is absent.
std::string_view variable(const Environment& environment, std::string_view name);

// AWS_REGION, else AWS_DEFAULT_REGION.
std::optional<std::string> region_from(const Environment& environment);

// Where a service answers if not at its public endpoint, for service_at(): AWS_ENDPOINT_URL_DYNAMODB, else
// AWS_ENDPOINT_URL, as AWS's own tools read them; else empty.
std::string endpoint_from(const Environment& environment, std::string_view service);

} // namespace estante::aws
