#include "adapters/aws/providers.hpp"

#include "adapters/aws/cached_credentials.hpp"
#include "adapters/aws/metadata_credentials.hpp"
#include "adapters/aws/sts.hpp"

#include <utility>

namespace estante::aws {

namespace {

class StaticCredentials final : public CredentialsProvider {
public:
    explicit StaticCredentials(Credentials key) : key_(std::move(key)) {}

    Task<Result<Credentials, CredentialsError>> get() override { co_return key_; }
    void mark_expired(const Credentials& /*key*/) override {}

private:
    Credentials key_;
};

class MissingCredentials final : public CredentialsProvider {
public:
    explicit MissingCredentials(CredentialsError error) : error_(std::move(error)) {}

    Task<Result<Credentials, CredentialsError>> get() override { co_return std::unexpected(error_); }
    void mark_expired(const Credentials& /*key*/) override {}

private:
    CredentialsError error_;
};

std::unique_ptr<CredentialsProvider> missing_credentials(std::string reason)
{
    return std::make_unique<MissingCredentials>(CredentialsError{.reason = std::move(reason)});
}

std::unique_ptr<CredentialsProvider>
web_identity_credentials(Client& client, Clock& clock, const Environment& environment, const std::string& sts_endpoint)
{
    const auto region = region_from(environment);
    if (!region && sts_endpoint.empty())
        return missing_credentials("credentials of a web identity need AWS_REGION for the endpoint of STS");
    const auto name = variable(environment, "AWS_ROLE_SESSION_NAME");
    Role role{.arn = std::string(variable(environment, "AWS_ROLE_ARN")),
              .session_name = to_session_name(name.empty() ? "estante" : name)};
    auto sts = service_at("sts", region.value_or("us-east-1"), sts_endpoint);
    return create_caching_provider(client, clock,
                                   [&client, sts = std::move(sts), role = std::move(role),
                                    file = std::string(variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"))] {
                                       return assume_role_with_web_identity(client, sts, role, file);
                                   });
}

} // namespace

std::unique_ptr<CredentialsProvider> static_credentials(Credentials key)
{
    return std::make_unique<StaticCredentials>(std::move(key));
}

std::shared_ptr<CredentialsProvider> default_credentials(Client& client, Clock& clock, const Environment& environment,
                                                         const std::string& sts_endpoint)
{
    const auto id = variable(environment, "AWS_ACCESS_KEY_ID");
    const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
    if (!id.empty() && !secret.empty())
        return static_credentials({.id = std::string(id),
                                   .secret = std::string(secret),
                                   .session_token = std::string(variable(environment, "AWS_SESSION_TOKEN"))});
    if (!variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE").empty() && !variable(environment, "AWS_ROLE_ARN").empty())
        return web_identity_credentials(client, clock, environment, sts_endpoint);

    const auto container = container_credentials_url(environment);
    if (!container)
        return missing_credentials(container.error().reason);
    if (!container->empty())
        return create_caching_provider(client, clock, [&client, url = *container, environment] {
            return fetch_container_credentials(client, url, environment);
        });

    const auto disabled = variable(environment, "AWS_EC2_METADATA_DISABLED");
    if (disabled == "true" || disabled == "TRUE" || disabled == "True")
        return missing_credentials(
            "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a web identity or a container endpoint "
            "(AWS_EC2_METADATA_DISABLED is true, so instance metadata is not used)");
    const auto endpoint = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    return create_caching_provider(
        client, clock, [&client, url = std::string(endpoint.empty() ? "http://169.254.169.254" : endpoint)] {
            return fetch_instance_credentials(client, url);
        });
}

} // namespace estante::aws
