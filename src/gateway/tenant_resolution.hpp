// Finds the tenant of a request that has no access token.
#pragma once

#include "gateway/exchange.hpp"

#include <string>
#include <string_view>

namespace estante {

// not_found, for an id that does not exist, is malformed or belongs to another tenant: a caller cannot tell which.
Error resource_not_found();

// The tenant that the X-Tenant-Id header, the host name ({tenant}.{domain}) or the body names. All that name one must
// agree. `in_body` may be empty. Errors: invalid (none is named), forbidden (they differ), not_found (malformed).
Result<TenantId> named_tenant(const HttpRequest& http, std::string_view in_body, std::string_view domain);

// Whether a tenant of this status accepts the method. Errors: forbidden (suspended), unavailable (being moved).
Result<void> check_tenant_open(TenantStatus status, Method method);

// For an exchange with tenant and status: the tenant is open for the method, and the cart token, if there is one, is
// valid in it; it becomes the caller's guest id.
Result<void> check_tenant_access(Exchange& exchange);

// Fills the tenant and its status: exactly one is named, it exists, and check_tenant_access succeeds.
Task<Result<void>> resolve_tenant(Exchange& exchange, std::string tenant_in_body);

} // namespace estante
