#include "hosts/cli/command_options.hpp"
#include "operations/tenants/create_tenant.hpp"
#include "operations/tenants/invite_manager.hpp"
#include "operations/tenants/list_tenants.hpp"
#include "operations/tenants/resume_tenant.hpp"
#include "operations/tenants/suspend_tenant.hpp"

#include <fmt/format.h>

namespace estante::commands {

namespace {

// Commands run with the rights of the platform's operator.
Caller operator_caller()
{
    return {.tenant = {std::string(operator_tenant)},
            .kind = Caller::Kind::operator_,
            .user = {},
            .guest = {},
            .session = {}};
}

template <class Request, class Operation>
int change_status(Bookstore& store, const Options& options, Output& output, Operation operation,
                  std::string_view status)
{
    const auto request = request_from<Request>(options, output);
    if (!request)
        return 1;
    AllItems all(store.ports().get<ItemStore>());
    const auto view = store.run(operation(operator_caller(), *request, all, store.ports().get<Clock>()));
    if (!view) {
        print_error(view.error(), output);
        return 1;
    }
    output.line(fmt::format("{} is {}", view->tenant_id.value, status));
    return 0;
}

} // namespace

int create_tenant(Bookstore& store, const Options& options, Output& output)
{
    const auto request = request_from<tenants::CreateTenant>(options, output);
    if (!request)
        return 1;
    AllItems all(store.ports().get<ItemStore>());
    IdempotencyGuard<tenants::CreatedTenant> idempotency;
    const auto created = store.run(tenants::create_tenant(operator_caller(), *request, all, store.ports().get<Random>(),
                                                          store.ports().get<Clock>(), idempotency));
    if (!created) {
        print_error(created.error(), output);
        return 1;
    }
    output.line(fmt::format("created {} ({}, {})", created->tenant.tenant_id.value, created->tenant.name.value,
                            created->tenant.currency.value));
    if (created->invitation)
        output.line(fmt::format("invitation for {} (valid for 7 days, single use): {}", request->manager_email.value,
                                created->invitation->value));
    return 0;
}

int list_tenants(Bookstore& store, const Options&, Output& output)
{
    AllItems all(store.ports().get<ItemStore>());
    tenants::ListTenants request{};
    request.limit.value.value = 100;
    while (true) {
        const auto page = store.run(tenants::list_tenants(operator_caller(), request, all));
        if (!page) {
            print_error(page.error(), output);
            return 1;
        }
        for (const auto& tenant : page->items)
            output.line(fmt::format("{:<24} {:<10} {:<4} {:<4} {}", tenant.tenant_id.value,
                                    codec::name_of(tenant.status), tenant.language.value, tenant.currency.value,
                                    tenant.name.value));
        if (!page->next_cursor.value)
            return 0;
        request.cursor = page->next_cursor.value;
    }
}

int suspend_tenant(Bookstore& store, const Options& options, Output& output)
{
    return change_status<tenants::SuspendTenant>(store, options, output, tenants::suspend_tenant, "suspended");
}

int resume_tenant(Bookstore& store, const Options& options, Output& output)
{
    return change_status<tenants::ResumeTenant>(store, options, output, tenants::resume_tenant, "open");
}

int invite_manager(Bookstore& store, const Options& options, Output& output)
{
    const auto request = request_from<tenants::InviteManager>(options, output);
    if (!request)
        return 1;
    AllItems all(store.ports().get<ItemStore>());
    const auto sent = store.run(tenants::invite_manager(operator_caller(), *request, all, store.ports().get<Random>(),
                                                        store.ports().get<Clock>()));
    if (!sent) {
        print_error(sent.error(), output);
        return 1;
    }
    output.line(fmt::format("invitation for {} (valid for 7 days, single use): {}", request->manager_email.value,
                            sent->invitation.value));
    return 0;
}

} // namespace estante::commands
