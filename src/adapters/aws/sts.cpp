#include "adapters/aws/sts.hpp"

#include "adapters/aws/providers.hpp"
#include "adapters/aws/signature.hpp"
#include "adapters/aws/token_file.hpp"
#include "codec/timestamp.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>

namespace estante::aws {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Request form_request(const Parameters& parameters)
{
    return {.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = canonical_query(parameters)};
}

Parameters role_parameters(std::string action, const Role& role)
{
    Parameters parameters{{"Action", std::move(action)},
                          {"Version", "2011-06-15"},
                          {"RoleArn", role.arn},
                          {"RoleSessionName", role.session_name},
                          {"DurationSeconds", std::to_string(role.lifetime.count())}};
    for (std::size_t i = 0; i < role.tags.size(); ++i) {
        parameters.emplace_back(fmt::format("Tags.member.{}.Key", i + 1), role.tags[i].first);
        parameters.emplace_back(fmt::format("Tags.member.{}.Value", i + 1), role.tags[i].second);
    }
    return parameters;
}

std::unexpected<CredentialsError> sts_error(std::string_view operation, std::string_view reason)
{
    return std::unexpected(CredentialsError{.reason = fmt::format("sts:{}: {}", operation, reason)});
}

Result<Credentials, CredentialsError> parse_xml_key(std::string_view operation,
                                                    const Result<Response, Failure>& response)
{
    if (!response)
        return sts_error(operation, fmt::format("{} {}", response.error().type, response.error().message));
    pugi::xml_document document;
    document.load_buffer(response->body.data(), response->body.size());
    const auto credentials = document.child(fmt::format("{}Response", operation).c_str())
                                 .child(fmt::format("{}Result", operation).c_str())
                                 .child("Credentials");
    const auto expires = parse_timestamp(credentials.child("Expiration").text().as_string());
    Credentials key{.id = credentials.child("AccessKeyId").text().as_string(),
                    .secret = credentials.child("SecretAccessKey").text().as_string(),
                    .session_token = credentials.child("SessionToken").text().as_string()};
    if (key.id.empty() || key.secret.empty() || key.session_token.empty() || !expires)
        return sts_error(operation, "the response has incomplete credentials");
    key.expires_ms = expires->ms;
    return key;
}

} // namespace

std::string to_session_name(std::string_view text)
{
    static constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";
    std::string name(text.substr(0, 64));
    std::ranges::replace_if(name, [](char c) { return !allowed.contains(c); }, '-');
    name.resize(std::max<std::size_t>(name.size(), 2), '-');
    return name;
}

Task<Result<Credentials, CredentialsError>> assume_role(Client& client, const Service& sts, CredentialsProvider& signer,
                                                        Role role)
{
    co_return parse_xml_key("AssumeRole",
                            co_await client.call(sts, signer, form_request(role_parameters("AssumeRole", role))));
}

Task<Result<Credentials, CredentialsError>> assume_role_with_web_identity(Client& client, const Service& sts, Role role,
                                                                          std::string token_file)
{
    static constexpr std::string_view operation = "AssumeRoleWithWebIdentity";
    auto token = read_token_file(token_file);
    if (!token)
        co_return sts_error(operation, fmt::format("cannot read {}", token_file));
    auto parameters = role_parameters(std::string(operation), role);
    parameters.emplace_back("WebIdentityToken", std::move(*token));
    const auto unsigned_credentials = static_credentials({}); // the token authenticates the request
    co_return parse_xml_key(operation, co_await client.call(sts, *unsigned_credentials, form_request(parameters)));
}

} // namespace estante::aws
