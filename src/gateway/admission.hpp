// Decides whether a request may reach its operation: finds its route, its tenant and its caller, and checks that the
// tenant is open and the caller has the rights. What it finds is written to the exchange.
#pragma once

#include "cache/versioned_cache.hpp"
#include "gateway/exchange.hpp"
#include "gateway/router.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace estante {

// Belongs to one event loop.
class Admission {
public:
    struct Limits {
        std::size_t max_cached_sessions;
        std::size_t max_cached_tenants;
    };
    // The caller of an access token.
    struct Session {
        Caller caller;
        TenantStatus tenant_status;
        std::int64_t token_ends_ms;
    };

    Admission(const Ports& ports, const Keys& keys, const PartitionVersions& partition_versions, Limits limits);

    const Router& router() const { return router_; }

    // Fills route, path and query, or `allow` when the path has other methods.
    // Errors: invalid (malformed target), not_found, method_not_allowed.
    Result<void> find_route(Exchange& exchange) const;

    // Fills caller, tenant status and reads, for an exchange with a route. If the body names the tenant, it is resolved
    // later, by resolve_tenant. Errors: unauthenticated, forbidden, not_found, invalid (no tenant is named),
    // unavailable (the tenant is being moved).
    Task<Result<void>> identify(Exchange& exchange);

    // Whether the caller has the rights that the route requires. Errors: unauthenticated, forbidden.
    static Result<void> check_rights(const Exchange& exchange);

    // The cached session of an Authorization header, or nullptr. Valid until the next call.
    const Session* find_session(std::string_view authorization);

private:
    using CachedSession = VersionedCache<Session>::Entry;

    const Ports& ports_;
    const Keys& keys_;
    const PartitionVersions& partition_versions_;
    Router router_;
    VersionedCache<Session> sessions_;     // by access token
    VersionedCache<TenantStatus> tenants_; // by id

    const CachedSession* find_cached_session(std::string_view authorization);
    Task<Result<const CachedSession*>> load_session(std::string_view authorization);
    Task<Result<void>> identify_by_token(Exchange& exchange);
    Task<Result<void>> resolve_cached_tenant(Exchange& exchange);
};

} // namespace estante
