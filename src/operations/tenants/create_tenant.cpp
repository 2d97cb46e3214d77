#include "operations/tenants/create_tenant.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/tenants/detail/new_invitation.hpp"
#include "operations/tenants/detail/settings_rules.hpp"
#include "records/invitations.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"

namespace estante::tenants {

namespace {

Tenant new_tenant(const CreateTenant& request, std::int64_t now_ms)
{
    Tenant tenant{.id = request.tenant_id,
                  .settings = {.name = request.name, .vat_rate = request.vat_rate.value, .delivery = request.delivery},
                  .created_ms = now_ms,
                  .updated_ms = now_ms};
    if (request.language)
        tenant.settings.language = *request.language;
    if (request.currency)
        tenant.settings.currency = *request.currency;
    return tenant;
}

} // namespace

Task<Result<CreatedTenant>> create_tenant(const Caller& caller, const CreateTenant& request, AllItems& all,
                                          Random& random, Clock& clock, IdempotencyGuard<CreatedTenant>& idempotency)
{
    if (!is_shop(request.tenant_id))
        co_return invalid("/tenant_id", "reserved",
                          "El identificador «operator» está reservado para la plataforma. Elija otro.",
                          "The id “operator” is reserved for the platform. Choose another id.");
    if (auto allowed = check_delivery(request.delivery); !allowed)
        co_return std::unexpected(allowed.error());

    const auto tenant = new_tenant(request, clock.now_ms());
    auto invitation = new_invitation(request.manager_email, random, clock);
    CreatedTenant created{.tenant = to_view(tenant), .invitation = std::nullopt};

    std::vector<Action> actions{
        Put{.table = Table::users, .item = to_item(tenant), .conditions = {Absent{}}},
        in_tenant(tenant.id, {.table = Table::users, .item = to_item(invitation.record), .conditions = {Absent{}}}),
    };
    if (Put* record = idempotency.add_record_to(actions, Table::users, created))
        *record = in_tenant(caller.tenant, std::move(*record)); // the caller's own tenant is the platform's

    const auto stored = co_await all.store().transact(std::move(actions), {});
    if (!stored) {
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (idempotency.is_recorded_by_another(stored.error()))
            co_return write_conflict();
        co_return failure(Errc::already_exists, "Ya existe una tienda con ese identificador. Elija otro.",
                          "A shop with that id already exists. Choose another id.");
    }
    created.invitation = std::move(invitation.text);
    co_return created;
}

} // namespace estante::tenants
