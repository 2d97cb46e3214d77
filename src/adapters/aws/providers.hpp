// Who signs, by what the environment says.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "adapters/aws/environment.hpp"
#include "ports/clock.hpp"

#include <memory>
#include <string>

namespace estante::aws {

// Always this key. With an empty id requests are not signed.
std::unique_ptr<Credentials> static_credentials(AccessKey key);

// The first of these that the environment names, decided once; if that one fails there is no other:
//   1. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
//   2. AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME: STS in region_from(), or at `sts_endpoint`
//   3. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI
//   4. the machine's metadata (IMDSv2), unless AWS_EC2_METADATA_DISABLED is true;
//      AWS_EC2_METADATA_SERVICE_ENDPOINT is another endpoint for it
// Client and clock outlive them. https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
std::shared_ptr<Credentials> default_credentials(Client& client, Clock& clock, const Environment& environment,
                                                 const std::string& sts_endpoint = {});

} // namespace estante::aws
