#include "adapters/aws/key_endpoints.hpp"

#include "adapters/aws/small_file.hpp"
#include "adapters/aws/url.hpp"
#include "codec/json.hpp"
#include "codec/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace estante::aws {

namespace {

constexpr std::chrono::milliseconds within{2'000};
constexpr int attempts = 3;

std::unexpected<NoCredentials> none(std::string_view where, std::string_view why)
{
    return std::unexpected(NoCredentials{.reason = fmt::format("{}: {}", where, why)});
}

// These answer at once or not at all, so attempts follow without a pause.
Task<Called<Response>> fetch(Client& client, std::string url, Request request)
{
    for (int attempt = 1;; ++attempt) {
        auto answer = co_await client.fetch(url, request, within);
        if (answer || answer.error().kind == Failure::Kind::refused || attempt == attempts)
            co_return answer;
    }
}

KeyOrNone key_of(std::string_view where, const Called<Response>& answer)
{
    if (!answer)
        return none(where, answer.error().message);
    const auto parsed = json::parse(answer->body);
    const Map* map = parsed ? parsed->if_map() : nullptr;
    if (!map)
        return none(where, "the answer is not JSON");
    if (const auto code = text_of(*map, "Code"); !code.empty() && code != "Success")
        return none(where, code);
    AccessKey key{.id = std::string(text_of(*map, "AccessKeyId")),
                  .secret = std::string(text_of(*map, "SecretAccessKey")),
                  .session_token = std::string(text_of(*map, "Token"))};
    if (key.id.empty() || key.secret.empty())
        return none(where, "the answer holds no credentials");
    if (const auto expiration = text_of(*map, "Expiration"); !expiration.empty()) {
        const auto expires = parse_timestamp(expiration);
        if (!expires)
            return none(where, "the answer holds no time of expiry");
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

std::expected<std::string, NoCredentials> container_url(const Environment& environment)
{
    const auto relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const auto full = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (!relative.empty()) {
        if (!relative.starts_with('/'))
            return none("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "does not begin with /");
        return fmt::format("http://169.254.170.2{}", relative);
    }
    if (full.empty())
        return std::string();
    const auto url = parse_url(full);
    if (!url)
        return none("AWS_CONTAINER_CREDENTIALS_FULL_URI", "is no URL");
    if (!url->tls && !is_agent_or_loopback(url->host))
        return none("AWS_CONTAINER_CREDENTIALS_FULL_URI",
                    "names a host that is neither https, nor this machine, nor an agent of ECS or EKS");
    return std::string(full);
}

Task<KeyOrNone> container_key(Client& client, std::string url, Environment environment)
{
    static constexpr std::string_view where = "container endpoint";
    std::string token(variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN"));
    if (const auto file = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
        auto read = read_small_file(std::string(file));
        if (!read)
            co_return none(where, fmt::format("cannot read {}", file));
        token = std::move(*read);
    }
    if (token.find_first_of("\r\n") != std::string::npos)
        co_return none(where, "the authorization token has more than one line");
    Request request{.method = "GET"};
    if (!token.empty())
        request.headers.emplace_back("Authorization", std::move(token));
    co_return key_of(where, co_await fetch(client, std::move(url), std::move(request)));
}

Task<KeyOrNone> instance_key(Client& client, std::string endpoint)
{
    static constexpr std::string_view where = "instance metadata";
    while (endpoint.ends_with('/'))
        endpoint.pop_back();
    const auto token =
        co_await fetch(client, endpoint + "/latest/api/token",
                       {.method = "PUT", .headers = {{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600"}}});
    if (!token)
        co_return none(where, token.error().message);
    const Request request{.method = "GET", .headers = {{"X-Aws-Ec2-Metadata-Token", token->body}}};
    const auto roles = endpoint + "/latest/meta-data/iam/security-credentials/";
    const auto listed = co_await fetch(client, roles, request);
    if (!listed)
        co_return none(where, listed.error().message);
    const auto role = listed->body.substr(0, listed->body.find_first_of("\r\n"));
    if (role.empty())
        co_return none(where, "this machine has no role");
    co_return key_of(where, co_await fetch(client, roles + role, request));
}

} // namespace estante::aws
