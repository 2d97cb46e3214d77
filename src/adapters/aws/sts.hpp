// The two operations of the Security Token Service that return keys.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, …/API_AssumeRoleWithWebIdentity.html
#pragma once

#include "adapters/aws/client.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

struct Role {
    std::string arn;
    std::string session_name; // see to_session_name()
    std::vector<std::pair<std::string, std::string>> tags{};
    std::chrono::seconds lifetime{3'600}; // between 15 minutes and the role's own limit
};

// A valid session name: 2 to 64 of [A-Za-z0-9_+=,.@-]. Other characters become '-'.
std::string to_session_name(std::string_view text);

// `sts` and `signer` outlive the call.
Task<Result<Credentials, CredentialsError>> assume_role(Client& client, const Service& sts, CredentialsProvider& signer,
                                                        Role role);
// Reads `token_file` at each call, since it is replaced while the process runs.
Task<Result<Credentials, CredentialsError>> assume_role_with_web_identity(Client& client, const Service& sts, Role role,
                                                                          std::string token_file);

} // namespace estante::aws
