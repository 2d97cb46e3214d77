#include "hosts/cli/command_options.hpp"
#include "operations/tenants/create_operator.hpp"
#include "operations/users/create_user.hpp"
#include "operations/users/list_users.hpp"

#include <fmt/format.h>

namespace estante::commands {

int create_operator(Bookstore& store, const Options& options, Output& output)
{
    const auto request = request_from<tenants::CreateOperator>(options, output);
    if (!request)
        return 1;
    const Ports& ports = store.ports();
    AllItems all(ports.get<ItemStore>());
    const auto created = store.run(tenants::create_operator(*request, all, ports.get<PasswordHasher>(),
                                                            ports.get<IdGenerator>(), ports.get<Clock>()));
    if (!created) {
        print_error(created.error(), output);
        return 1;
    }
    output.line(fmt::format("created operator {}; log in with tenant_id \"operator\"", created->email.value));
    return 0;
}

int create_user(Bookstore& store, const Options& options, Output& output)
{
    const auto tenant = tenant_from(store, options, output);
    Options with_role = options;
    with_role.try_emplace("role", "customer");
    const auto request = tenant ? request_from<users::CreateUser>(with_role, output) : std::nullopt;
    if (!request)
        return 1;
    const Ports& ports = store.ports();
    TenantItems items(*tenant, ports.get<ItemStore>());
    const auto created = store.run(
        users::create_user(*request, items, ports.get<PasswordHasher>(), ports.get<IdGenerator>(), ports.get<Clock>()));
    if (!created) {
        print_error(created.error(), output);
        return 1;
    }
    output.line(fmt::format("created {} {} in {}", codec::name_of(created->role), created->email.value, tenant->value));
    return 0;
}

int list_users(Bookstore& store, const Options& options, Output& output)
{
    const auto tenant = tenant_from(store, options, output);
    if (!tenant)
        return 1;
    const Caller manager{.tenant = *tenant, .kind = Caller::Kind::manager, .user = {}, .guest = {}, .session = {}};
    TenantItems items(*tenant, store.ports().get<ItemStore>());
    users::ListUsers request{};
    request.limit.value.value = 100;
    while (true) {
        const auto page = store.run(users::list_users(manager, request, items));
        if (!page) {
            print_error(page.error(), output);
            return 1;
        }
        for (const auto& user : page->items)
            output.line(fmt::format("{} {:<9} {}", user.user_id.value, codec::name_of(user.role), user.email.value));
        if (!page->next_cursor.value)
            return 0;
        request.cursor = page->next_cursor.value;
    }
}

} // namespace estante::commands
