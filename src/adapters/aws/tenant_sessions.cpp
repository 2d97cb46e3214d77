#include "adapters/aws/tenant_sessions.hpp"

#include "adapters/aws/cached_credentials.hpp"
#include "adapters/aws/sts.hpp"

#include <fmt/format.h>

namespace estante::aws {

TenantSessions::TenantSessions(Client& client, Clock& clock, Service sts, std::shared_ptr<CredentialsProvider> signer,
                               Options options)
    : client_(client),
      clock_(clock),
      sts_(std::make_shared<const Service>(std::move(sts))),
      signer_(std::move(signer)),
      options_(std::move(options))
{
}

std::shared_ptr<CredentialsProvider> TenantSessions::credentials_for(std::string_view tenant)
{
    const std::lock_guard lock(mutex_);
    if (const auto found = by_tenant_.find(tenant); found != by_tenant_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->credentials;
    }
    if (entries_.size() >= options_.max_tenants && !entries_.empty()) {
        by_tenant_.erase(entries_.back().tenant);
        entries_.pop_back();
    }
    entries_.push_front({.tenant = std::string(tenant), .credentials = create_session(tenant)});
    by_tenant_.emplace(entries_.front().tenant, entries_.begin());
    return entries_.front().credentials;
}

std::size_t TenantSessions::size() const
{
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

std::shared_ptr<CredentialsProvider> TenantSessions::create_session(std::string_view tenant)
{
    Role role{.arn = options_.role_arn,
              .session_name = to_session_name(fmt::format("tenant-{}", tenant)),
              .tags = {{"TenantId", std::string(tenant)}},
              .lifetime = options_.lifetime};
    return create_caching_provider(client_, clock_,
                                   [&client = client_, sts = sts_, signer = signer_, role = std::move(role)] {
                                       return assume_role(client, *sts, *signer, role);
                                   });
}

} // namespace estante::aws
