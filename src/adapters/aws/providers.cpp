#include "adapters/aws/providers.hpp"

#include "adapters/aws/kept_credentials.hpp"
#include "adapters/aws/key_endpoints.hpp"
#include "adapters/aws/sts.hpp"

#include <utility>

namespace estante::aws {

namespace {

class StaticCredentials final : public Credentials {
public:
    explicit StaticCredentials(AccessKey key) : key_(std::move(key)) {}

    Task<KeyOrNone> key() override { co_return key_; }
    void expired(const AccessKey& /*key*/) override {}

private:
    AccessKey key_;
};

class NoCredentialsAtAll final : public Credentials {
public:
    explicit NoCredentialsAtAll(NoCredentials why) : why_(std::move(why)) {}

    Task<KeyOrNone> key() override { co_return std::unexpected(why_); }
    void expired(const AccessKey& /*key*/) override {}

private:
    NoCredentials why_;
};

std::unique_ptr<Credentials> none(std::string reason)
{
    return std::make_unique<NoCredentialsAtAll>(NoCredentials{.reason = std::move(reason)});
}

std::unique_ptr<Credentials> from_web_identity(Client& client, Clock& clock, const Environment& environment,
                                               const std::string& sts_endpoint)
{
    const auto region = region_from(environment);
    if (!region && sts_endpoint.empty())
        return none("a web identity needs AWS_REGION, to know which STS to ask");
    const auto name = variable(environment, "AWS_ROLE_SESSION_NAME");
    Role role{.arn = std::string(variable(environment, "AWS_ROLE_ARN")),
              .session_name = session_name_from(name.empty() ? "estante" : name)};
    auto sts = service_at("sts", region.value_or("us-east-1"), sts_endpoint);
    return kept_credentials(client, clock,
                            [&client, sts = std::move(sts), role = std::move(role),
                             file = std::string(variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"))] {
                                return assume_role_with_web_identity(client, sts, role, file);
                            });
}

} // namespace

std::unique_ptr<Credentials> static_credentials(AccessKey key)
{
    return std::make_unique<StaticCredentials>(std::move(key));
}

std::shared_ptr<Credentials> default_credentials(Client& client, Clock& clock, const Environment& environment,
                                                 const std::string& sts_endpoint)
{
    const auto id = variable(environment, "AWS_ACCESS_KEY_ID");
    const auto secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
    if (!id.empty() && !secret.empty())
        return static_credentials({.id = std::string(id),
                                   .secret = std::string(secret),
                                   .session_token = std::string(variable(environment, "AWS_SESSION_TOKEN"))});
    if (!variable(environment, "AWS_WEB_IDENTITY_TOKEN_FILE").empty() && !variable(environment, "AWS_ROLE_ARN").empty())
        return from_web_identity(client, clock, environment, sts_endpoint);

    const auto container = container_url(environment);
    if (!container)
        return none(container.error().reason);
    if (!container->empty())
        return kept_credentials(client, clock, [&client, url = *container, environment] {
            return container_key(client, url, environment);
        });

    const auto disabled = variable(environment, "AWS_EC2_METADATA_DISABLED");
    if (disabled == "true" || disabled == "TRUE" || disabled == "True")
        return none("no credentials: neither AWS_ACCESS_KEY_ID, nor a web identity, nor a container's endpoint is set, "
                    "and AWS_EC2_METADATA_DISABLED is true");
    const auto endpoint = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    return kept_credentials(client, clock,
                            [&client, url = std::string(endpoint.empty() ? "http://169.254.169.254" : endpoint)] {
                                return instance_key(client, url);
                            });
}

} // namespace estante::aws
