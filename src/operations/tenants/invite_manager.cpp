#include "operations/tenants/invite_manager.hpp"

#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/tenants/detail/new_invitation.hpp"
#include "records/invitations.hpp"
#include "records/store_failure.hpp"

namespace estante::tenants {

Task<Result<SentInvitation>> invite_manager(const Caller&, const InviteManager& request, AllItems& all, Random& random,
                                            Clock& clock)
{
    if (!is_shop(request.tenant_id))
        co_return no_such_tenant();
    auto items = all.of(request.tenant_id);
    const auto tenant = co_await load_open_tenant(items);
    if (!tenant)
        co_return std::unexpected(tenant.error());

    auto invitation = new_invitation(request.manager_email, random, clock);
    const auto stored =
        co_await items.put({.table = Table::users, .item = to_item(invitation.record), .conditions = {Absent{}}});
    if (!stored)
        co_return store_failure(stored.error());
    co_return SentInvitation{.invitation = std::move(invitation.text),
                             .expires_at = {invitation.record.expires_at_s * 1000}};
}

} // namespace estante::tenants
