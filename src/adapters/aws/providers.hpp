// Chooses the provider by what the environment configures.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "adapters/aws/environment.hpp"
#include "ports/clock.hpp"

#include <memory>
#include <string>

namespace estante::aws {

// Always these credentials. With an empty id, requests are not signed.
std::unique_ptr<CredentialsProvider> static_credentials(Credentials key);

// The first source that the environment configures. It is chosen once; if it fails, no other is tried:
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//   2. AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME: STS in region_from(), or at `sts_endpoint`
//   3. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI
//   4. the instance metadata (IMDSv2) at AWS_EC2_METADATA_SERVICE_ENDPOINT or its default address, unless
//      AWS_EC2_METADATA_DISABLED is true
// Client and clock must outlive the provider.
// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
std::shared_ptr<CredentialsProvider> default_credentials(Client& client, Clock& clock, const Environment& environment,
                                                         const std::string& sts_endpoint = {});

} // namespace estante::aws
