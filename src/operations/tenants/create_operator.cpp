#include "operations/tenants/create_operator.hpp"

#include "operations/users/detail/new_account.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

Task<Result<users::Profile>> create_operator(const CreateOperator& request, AllItems& all, PasswordHasher& hasher,
                                             IdGenerator& ids, Clock& clock)
{
    const auto now_ms = clock.now_ms();
    const Tenant platform{.id = {std::string(operator_tenant)},
                          .settings = {.name = {"Estante"}},
                          .created_ms = now_ms,
                          .updated_ms = now_ms};
    const auto stored =
        co_await all.store().put({.table = Table::users, .item = to_item(platform), .conditions = {Absent{}}});
    if (!stored && !is_condition_failed(stored.error()))
        co_return store_failure(stored.error());

    auto items = all.of(platform.id);
    co_return co_await users::create_account(request.email, request.password, request.name, Role::operator_, items,
                                             hasher, ids, clock);
}

} // namespace estante::tenants
