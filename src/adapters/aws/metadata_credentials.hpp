// Credentials from the metadata endpoints of a container (ECS, EKS) and of an EC2 instance.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/environment.hpp"

#include <string>
#include <string_view>

namespace estante::aws {

// The container's endpoint: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI on 169.254.170.2, else
// AWS_CONTAINER_CREDENTIALS_FULL_URI, which must be https, or http on a loopback address or on the
// link-local address of the ECS agent or the EKS Pod Identity agent.
// Empty when neither is set. https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
Result<std::string, CredentialsError> container_credentials_url(const Environment& environment);

// Sends the token in AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, which is read at each fetch, else
// AWS_CONTAINER_AUTHORIZATION_TOKEN.
Task<Result<Credentials, CredentialsError>> fetch_container_credentials(Client& client, std::string url,
                                                                        Environment environment);

// IMDSv2: fetches a token, the role's name and its credentials. `endpoint` is "http://169.254.169.254" or a custom one.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
Task<Result<Credentials, CredentialsError>> fetch_instance_credentials(Client& client, std::string endpoint);

} // namespace estante::aws
