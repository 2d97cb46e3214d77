// The two calls of the Security Token Service that give keys.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, …/API_AssumeRoleWithWebIdentity.html
#pragma once

#include "adapters/aws/client.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::aws {

struct Role {
    std::string arn;
    std::string session_name; // see session_name_from()
    std::vector<std::pair<std::string, std::string>> tags{};
    std::chrono::seconds lifetime{3'600}; // 15 minutes or more, at most the role's own limit
};

// What STS accepts as a name: 2 to 64 of [A-Za-z0-9_+=,.@-]; others become '-'.
std::string session_name_from(std::string_view text);

using KeyOrNone = std::expected<AccessKey, NoCredentials>;

// `sts` and `signer` outlive the call.
Task<KeyOrNone> assume_role(Client& client, const Service& sts, Credentials& signer, Role role);
// `token_file` is read anew each time, for it is replaced while the process runs.
Task<KeyOrNone> assume_role_with_web_identity(Client& client, const Service& sts, Role role, std::string token_file);

} // namespace estante::aws
