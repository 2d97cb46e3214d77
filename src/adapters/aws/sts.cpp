#include "adapters/aws/sts.hpp"

#include "adapters/aws/providers.hpp"
#include "adapters/aws/signature.hpp"
#include "adapters/aws/small_file.hpp"
#include "codec/timestamp.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>

namespace estante::aws {

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Request request_of(const Parameters& parameters)
{
    return {.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = canonical_query(parameters)};
}

Parameters parameters_of(std::string action, const Role& role)
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

std::unexpected<NoCredentials> none(std::string_view call, std::string_view why)
{
    return std::unexpected(NoCredentials{.reason = fmt::format("sts:{}: {}", call, why)});
}

KeyOrNone key_of(std::string_view call, const Called<Response>& answer)
{
    if (!answer)
        return none(call, fmt::format("{} {}", answer.error().type, answer.error().message));
    pugi::xml_document document;
    document.load_buffer(answer->body.data(), answer->body.size());
    const auto credentials = document.child(fmt::format("{}Response", call).c_str())
                                 .child(fmt::format("{}Result", call).c_str())
                                 .child("Credentials");
    const auto expires = parse_timestamp(credentials.child("Expiration").text().as_string());
    AccessKey key{.id = credentials.child("AccessKeyId").text().as_string(),
                  .secret = credentials.child("SecretAccessKey").text().as_string(),
                  .session_token = credentials.child("SessionToken").text().as_string()};
    if (key.id.empty() || key.secret.empty() || key.session_token.empty() || !expires)
        return none(call, "the answer holds no credentials");
    key.expires_ms = expires->ms;
    return key;
}

} // namespace

std::string session_name_from(std::string_view text)
{
    static constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";
    std::string name(text.substr(0, 64));
    std::ranges::replace_if(name, [](char c) { return !allowed.contains(c); }, '-');
    name.resize(std::max<std::size_t>(name.size(), 2), '-');
    return name;
}

Task<KeyOrNone> assume_role(Client& client, const Service& sts, Credentials& signer, Role role)
{
    co_return key_of("AssumeRole", co_await client.call(sts, signer, request_of(parameters_of("AssumeRole", role))));
}

Task<KeyOrNone> assume_role_with_web_identity(Client& client, const Service& sts, Role role, std::string token_file)
{
    static constexpr std::string_view call = "AssumeRoleWithWebIdentity";
    auto token = read_small_file(token_file);
    if (!token)
        co_return none(call, fmt::format("cannot read {}", token_file));
    auto parameters = parameters_of(std::string(call), role);
    parameters.emplace_back("WebIdentityToken", std::move(*token));
    const auto nobody = static_credentials({}); // the token speaks for itself: nothing is signed
    co_return key_of(call, co_await client.call(sts, *nobody, request_of(parameters)));
}

} // namespace estante::aws
