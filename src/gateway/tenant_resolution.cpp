#include "gateway/tenant_resolution.hpp"

#include "gateway/tokens.hpp"
#include "operations/tenants/check_open.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante {

Error resource_not_found()
{
    return failure(Errc::not_found, "Recurso no encontrado.", "Resource not found.").error();
}

Result<TenantId> named_tenant(const HttpRequest& http, std::string_view in_body, std::string_view domain)
{
    std::string_view in_host;
    const auto host = http.host.substr(0, http.host.find(':'));
    if (!domain.empty() && host.size() > domain.size() + 1 && host.ends_with(domain) &&
        host[host.size() - domain.size() - 1] == '.')
        in_host = host.substr(0, host.size() - domain.size() - 1);

    std::string_view named;
    for (const auto name : {in_body, http.tenant, in_host}) {
        if (name.empty())
            continue;
        if (!named.empty() && named != name)
            return failure(Errc::forbidden,
                           "La petición nombra dos tiendas distintas. La cabecera X-Tenant-Id, el nombre de host y el "
                           "cuerpo deben coincidir.",
                           "The request names two different shops. The X-Tenant-Id header, the host name and the body "
                           "must agree.");
        named = name;
    }
    if (named.empty())
        return invalid("X-Tenant-Id", "required", "es obligatorio: envíe la cabecera X-Tenant-Id",
                       "is required: send the X-Tenant-Id header");
    auto tenant = TenantId::parse(named);
    if (!tenant)
        return std::unexpected(resource_not_found());
    return std::move(*tenant);
}

Result<void> check_tenant_open(TenantStatus status, Method method)
{
    return tenants::check_open(status, is_read(method) ? tenants::Use::read : tenants::Use::write);
}

Result<void> check_tenant_access(Exchange& exchange)
{
    if (auto open = check_tenant_open(exchange.tenant_status, exchange.http.method); !open)
        return open;
    if (!exchange.http.cart_token.empty()) {
        auto guest = verify_cart_token(exchange.http.cart_token, exchange.keys, exchange.caller.tenant);
        if (!guest)
            return std::unexpected(invalid_token());
        exchange.caller.guest = std::move(*guest);
    }
    return {};
}

Task<Result<void>> resolve_tenant(Exchange& exchange, std::string tenant_in_body)
{
    auto tenant = named_tenant(exchange.http, tenant_in_body, exchange.domain);
    if (!tenant)
        co_return std::unexpected(std::move(tenant.error()));
    exchange.caller.tenant = std::move(*tenant);
    TenantItems items(exchange.caller.tenant, exchange.ports.get<ItemStore>(), &exchange.reads);
    const auto found = co_await find_tenant(items);
    if (!found)
        co_return store_failure(found.error());
    if (!*found)
        co_return std::unexpected(resource_not_found());
    exchange.tenant_status = (*found)->status;
    co_return check_tenant_access(exchange);
}

} // namespace estante
