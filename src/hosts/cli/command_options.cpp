#include "hosts/cli/command_options.hpp"

#include "records/tenants.hpp"

#include <fmt/format.h>

#include <utility>

namespace estante::commands {

void print_error(const Error& error, Output& output)
{
    if (error.faults.empty())
        return output.error(fmt::format("estante: {}", error.detail.en));
    for (const Fault& fault : error.faults) {
        const auto name = fault.pointer.starts_with('?') ? fault.pointer.substr(1) : fault.pointer;
        output.error(fmt::format("estante: {} {}", name, fault.reason.en));
    }
}

std::optional<TenantId> tenant_from(Bookstore& store, const Options& options, Output& output)
{
    const auto& name = option(options, "tenant_id");
    auto id = TenantId::parse(name);
    if (id) {
        TenantItems items(*id, store.ports().get<ItemStore>());
        const auto tenant = store.run(find_tenant(items));
        if (!tenant) {
            output.error(fmt::format("estante: the store is unavailable: {}", tenant.error().detail));
            return std::nullopt;
        }
        if (*tenant)
            return id;
    }
    output.error(fmt::format("estante: there is no shop '{}'; 'estante tenant list' names them", name));
    return std::nullopt;
}

std::optional<std::vector<TenantId>> selected_tenants(Bookstore& store, const Options& options, Output& output)
{
    if (!options.contains("tenant_id"))
        return store.run(store.tenants());
    auto tenant = tenant_from(store, options, output);
    return tenant ? std::optional(std::vector{std::move(*tenant)}) : std::nullopt;
}

} // namespace estante::commands
