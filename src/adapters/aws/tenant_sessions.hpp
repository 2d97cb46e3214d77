// Credentials that can only do what one tenant may: a role assumed with the session tag TenantId, which the role's
// policy compares with what is touched (aws:PrincipalTag/TenantId).
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
        std::size_t tenants = 1'000;          // whose sessions are kept; the one used longest ago goes first
        std::chrono::seconds lifetime{3'600}; // of a session; one hour is the most for a role assumed by a role
    };

    // Client and clock outlive the sessions; `signer` may assume the role with tags (sts:AssumeRole, sts:TagSession).
    TenantSessions(Client& client, Clock& clock, Service sts, std::shared_ptr<Credentials> signer, Options options);

    // Any thread. Nothing is fetched before the first use; sessions are those of kept_credentials(). What is answered
    // stays good, however long it is held.
    std::shared_ptr<Credentials> of(std::string_view tenant);

    std::size_t kept() const;

private:
    struct Entry {
        std::string tenant;
        std::shared_ptr<Credentials> credentials;
    };

    Client& client_;
    Clock& clock_;
    std::shared_ptr<const Service> sts_;
    std::shared_ptr<Credentials> signer_;
    Options options_;
    mutable std::mutex mutex_;
    std::list<Entry> entries_; // the one used last first
    std::map<std::string_view, std::list<Entry>::iterator> by_tenant_;

    std::shared_ptr<Credentials> session_of(std::string_view tenant);
};

} // namespace estante::aws
