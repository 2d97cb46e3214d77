#include "adapters/aws/context.hpp"

#include "adapters/aws/providers.hpp"

#include <stdexcept>
#include <utility>

namespace estante::aws {

namespace {

ContextOptions with_region(ContextOptions options)
{
    if (options.region.empty())
        options.region = region_from(options.environment).value_or("");
    return options;
}

} // namespace

Context::Context(Clock& clock, Random& random, ContextOptions options)
    : options_(with_region(std::move(options))),
      client_(clock, random, options_.client),
      credentials_(default_credentials(client_, clock, options_.environment, endpoint("sts")))
{
    if (!options_.tenant_role_arn.empty())
        sessions_ =
            std::make_unique<TenantSessions>(client_, clock, service_at("sts", region(), endpoint("sts")), credentials_,
                                             TenantSessions::Options{.role_arn = options_.tenant_role_arn});
}

const std::string& Context::region() const
{
    if (options_.region.empty())
        throw std::runtime_error(
            "no AWS region is set: use --aws-region, ESTANTE_AWS_REGION or AWS_REGION, for example eu-central-1");
    return options_.region;
}

std::string Context::endpoint(std::string_view service) const
{
    if (const auto found = options_.endpoints.find(service);
        found != options_.endpoints.end() && !found->second.empty())
        return found->second;
    return endpoint_from(options_.environment, service);
}

std::shared_ptr<CredentialsProvider> Context::tenant_credentials(std::string_view tenant)
{
    return sessions_ ? sessions_->credentials_for(tenant) : credentials_;
}

} // namespace estante::aws
