// The process environment as a value, so that tests can pass their own.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace estante::aws {

using Environment = std::map<std::string, std::string, std::less<>>;

// A copy of the process's environment. Not thread-safe against setenv(3).
Environment process_environment();

// The value of a variable; empty when it is absent.
std::string_view variable(const Environment& environment, std::string_view name);

// AWS_REGION, else AWS_DEFAULT_REGION.
std::optional<std::string> region_from(const Environment& environment);

// The custom endpoint of a service, for service_at(): AWS_ENDPOINT_URL_SERVICE, else AWS_ENDPOINT_URL; else empty.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
std::string endpoint_from(const Environment& environment, std::string_view service);

} // namespace estante::aws
