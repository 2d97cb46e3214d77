// What all AWS adapters of one process share: the region, the endpoints, one client and the credentials.
//
// A process creates one context and passes it to every adapter. So all adapters share one connection pool, and
// credentials are fetched once.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "adapters/aws/environment.hpp"
#include "adapters/aws/tenant_sessions.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace estante::aws {

struct ContextOptions {
    Environment environment = process_environment();
    std::string region{}; // empty: region_from(environment)
    // Custom endpoints by service name ("dynamodb", "s3"). A service without one: endpoint_from(environment, service).
    std::map<std::string, std::string, std::less<>> endpoints{};
    std::string tenant_role_arn{}; // the role to assume for each tenant; empty: the process's credentials serve all
    ClientOptions client{};
};

class Context {
public:
    // Clock and random source outlive the context. Sends nothing: credentials are fetched at the first call.
    Context(Clock& clock, Random& random, ContextOptions options);

    // Throws std::runtime_error with one line when neither the options nor the environment name a region. (Not in the
    // constructor, since an adapter of a custom endpoint without signatures needs none.)
    const std::string& region() const;
    // The custom endpoint of a service; empty: the public one of the region.
    std::string endpoint(std::string_view service) const;

    Client& client() { return client_; }
    const std::shared_ptr<CredentialsProvider>& credentials() const { return credentials_; }
    // Credentials that can only touch this tenant's items; the process's own without a tenant role. Any thread.
    std::shared_ptr<CredentialsProvider> tenant_credentials(std::string_view tenant);

private:
    ContextOptions options_;
    Client client_;
    std::shared_ptr<CredentialsProvider> credentials_;
    std::unique_ptr<TenantSessions> sessions_; // with a tenant role
};

} // namespace estante::aws
