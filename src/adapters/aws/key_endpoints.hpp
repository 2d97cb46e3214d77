// The endpoints on a machine or beside a container that give its keys as JSON.
#pragma once

#include "adapters/aws/environment.hpp"
#include "adapters/aws/sts.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace estante::aws {

// Where the container's agent answers: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI on 169.254.170.2, else
// AWS_CONTAINER_CREDENTIALS_FULL_URI, which is https, or http on a loopback address or an agent of ECS or EKS. Empty
// when neither is set. https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
std::expected<std::string, NoCredentials> container_url(const Environment& environment);

// Sends AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read anew each time), else AWS_CONTAINER_AUTHORIZATION_TOKEN.
Task<KeyOrNone> container_key(Client& client, std::string url, Environment environment);

// IMDSv2: a token, the role's name, its key. `endpoint` is "http://169.254.169.254" or one of one's own.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
Task<KeyOrNone> instance_key(Client& client, std::string endpoint);

} // namespace estante::aws
