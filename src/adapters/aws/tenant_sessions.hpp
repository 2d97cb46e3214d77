// Credentials restricted to one tenant: a role assumed with the session tag TenantId. The role's policy compares the
// tag (aws:PrincipalTag/TenantId) with the keys of each request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "ports/clock.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace estante::aws {

class TenantSessions {
public:
    struct Options {
        std::string role_arn;
        std::size_t max_tenants = 1'000;      // sessions in the cache; the least recently used is evicted
        std::chrono::seconds lifetime{3'600}; // of a session; role chaining allows one hour at most
    };

    // Client and clock outlive the sessions; `signer` may assume the role with tags (sts:AssumeRole, sts:TagSession).
    TenantSessions(Client& client, Clock& clock, Service sts, std::shared_ptr<CredentialsProvider> signer,
                   Options options);

    // Any thread. Fetches nothing before the first use, and refreshes as create_caching_provider() says. The returned
    // credentials stay usable after they are evicted.
    std::shared_ptr<CredentialsProvider> credentials_for(std::string_view tenant);

    std::size_t size() const;

private:
    struct Entry {
        std::string tenant;
        std::shared_ptr<CredentialsProvider> credentials;
    };

    Client& client_;
    Clock& clock_;
    std::shared_ptr<const Service> sts_;
    std::shared_ptr<CredentialsProvider> signer_;
    Options options_;
    mutable std::mutex mutex_;
    std::list<Entry> entries_; // most recently used first
    std::map<std::string_view, std::list<Entry>::iterator> by_tenant_;

    std::shared_ptr<CredentialsProvider> create_session(std::string_view tenant);
};

} // namespace estante::aws
