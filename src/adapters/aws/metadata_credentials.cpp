#include "adapters/aws/metadata_credentials.hpp"

#include "adapters/aws/endpoint_url.hpp"
#include "adapters/aws/token_file.hpp"
#include "codec/json.hpp"
#include "codec/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace estante::aws {

namespace {

constexpr std::chrono::milliseconds timeout{2'000};
constexpr int max_attempts = 3;

std::unexpected<CredentialsError> fetch_error(std::string_view source, std::string_view reason)
{
    return std::unexpected(CredentialsError{.reason = fmt::format("{}: {}", source, reason)});
}

// Without a backoff: these endpoints are local.
Task<Result<Response, Failure>> fetch(Client& client, std::string url, Request request)
{
    for (int attempt = 1;; ++attempt) {
        auto response = co_await client.fetch(url, request, timeout);
        if (response || response.error().kind == Failure::Kind::rejected || attempt == max_attempts)
            co_return response;
    }
}

Result<Credentials, CredentialsError> parse_json_key(std::string_view source, const Result<Response, Failure>& response)
{
    if (!response)
        return fetch_error(source, response.error().message);
    const auto parsed = json::parse(response->body);
    const Map* map = parsed ? parsed->if_map() : nullptr;
    if (!map)
        return fetch_error(source, "the response is not JSON");
    if (const auto code = text_of(*map, "Code"); !code.empty() && code != "Success")
        return fetch_error(source, code);
    Credentials key{.id = std::string(text_of(*map, "AccessKeyId")),
                    .secret = std::string(text_of(*map, "SecretAccessKey")),
                    .session_token = std::string(text_of(*map, "Token"))};
    if (key.id.empty() || key.secret.empty())
        return fetch_error(source, "the response has no AccessKeyId or no SecretAccessKey");
    if (const auto expiration = text_of(*map, "Expiration"); !expiration.empty()) {
        const auto expires = parse_timestamp(expiration);
        if (!expires)
            return fetch_error(source, "the response has no valid Expiration");
        key.expires_ms = expires->ms;
    }
    return key;
}

bool is_agent_or_loopback(std::string_view host)
{
    static constexpr std::array<std::string_view, 5> hosts{"localhost", "::1", "169.254.170.2", "169.254.170.23",
                                                           "fd00:ec2::23"};
    const bool loopback = host.starts_with("127.") && std::ranges::count(host, '.') == 3 &&
                          host.find_first_not_of("0123456789.") == std::string_view::npos;
    return loopback || std::ranges::find(hosts, host) != hosts.end();
}

} // namespace

Result<std::string, CredentialsError> container_credentials_url(const Environment& environment)
{
    const auto relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!relative.empty()) {
        if (!relative.starts_with('/'))
            return fetch_error("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "must begin with /");
        return fmt::format("http://169.254.170.2{}", relative);
    }
    if (full.empty())
        return std::string();
    const auto url = parse_endpoint_url(full);
    if (!url)
        return fetch_error("AWS_CONTAINER_CREDENTIALS_FULL_URI", "is not a URL");
    if (!url->tls && !is_agent_or_loopback(url->host))
        return fetch_error("AWS_CONTAINER_CREDENTIALS_FULL_URI",
                           "must be https, or http on a loopback address or on an agent of ECS or EKS");
    return std::string(full);
}

Task<Result<Credentials, CredentialsError>> fetch_container_credentials(Client& client, std::string url,
                                                                        Environment environment)
{
    static constexpr std::string_view source = "container endpoint";
    std::string token(variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    if (const auto file = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
        auto read = read_token_file(std::string(file));
        if (!read)
            co_return fetch_error(source, fmt::format("cannot read {}", file));
        token = std::move(*read);
    }
    if (token.find_first_of("\r\n") != std::string::npos)
        co_return fetch_error(source, "the authorization token has more than one line");
    Request request{.method = "GET"};
    if (!token.empty())
        request.headers.emplace_back("Authorization", std::move(token));
    co_return parse_json_key(source, co_await fetch(client, std::move(url), std::move(request)));
}

Task<Result<Credentials, CredentialsError>> fetch_instance_credentials(Client& client, std::string endpoint)
{
    static constexpr std::string_view source = "instance metadata";
    while (endpoint.ends_with('/'))
        endpoint.pop_back();
    const auto token =
        co_await fetch(client, endpoint + "/latest/api/token",
                       {.method = "PUT", .headers = {{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600"}}});
    if (!token)
        co_return fetch_error(source, token.error().message);
    const Request request{.method = "GET", .headers = {{"X-Aws-Ec2-Metadata-Token", token->body}}};
    const auto roles_url = endpoint + "/latest/meta-data/iam/security-credentials/";
    const auto role_list = co_await fetch(client, roles_url, request);
    if (!role_list)
        co_return fetch_error(source, role_list.error().message);
    const auto role = role_list->body.substr(0, role_list->body.find_first_of("\r\n"));
    if (role.empty())
        co_return fetch_error(source, "the instance has no role");
    co_return parse_json_key(source, co_await fetch(client, roles_url + role, request));
}

} // namespace estante::aws
