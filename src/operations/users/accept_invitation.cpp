#include "operations/users/accept_invitation.hpp"

#include "operations/detail/if_match.hpp"
#include "operations/tenants/detail/load_tenant.hpp"
#include "operations/users/detail/new_account.hpp"
#include "operations/users/detail/new_session.hpp"
#include "records/invitations.hpp"
#include "records/login_sessions.hpp"
#include "records/store_failure.hpp"
#include "records/tenants.hpp"
#include "records/users.hpp"

#include <algorithm>
#include <iterator>

namespace estante::users {

namespace {

std::unexpected<Error> no_such_invitation()
{
    return failure(Errc::not_found, "La invitación no existe, ya se usó o ha caducado. Pida otra.",
                   "The invitation does not exist, has been used or has expired. Ask for another.");
}

std::vector<Action> actions_to_promote(const User& before, const User& after)
{
    std::vector<Action> actions;
    if (before.role == after.role)
        return actions;
    actions.emplace_back(Put{.table = Table::users, .item = to_item(after), .conditions = {VersionIs{before.version}}});
    actions.emplace_back(increment_managers());
    return actions;
}

struct Invitee {
    User user;
    std::vector<Action> actions; // empty if the user already is a manager
};

Task<Result<Invitee>> find_or_create_invitee(const Email& email, const AcceptInvitation& request, TenantItems& items,
                                             PasswordHasher& hasher, IdGenerator& ids, Clock& clock)
{
    const auto found = co_await find_user_by_email(items, email);
    if (!found)
        co_return store_failure(found.error());
    if (!*found) {
        auto user =
            new_user(email, request.name, Role::manager, co_await hasher.hash(request.password.value), ids, clock);
        auto actions = actions_to_create(user);
        co_return Invitee{.user = std::move(user), .actions = std::move(actions)};
    }
    const User& before = **found;
    if (!co_await hasher.verify(request.password.value, before.password_hash))
        co_return failure(Errc::already_exists,
                          "Ya hay una cuenta con el correo invitado. Acepte con la contraseña de esa cuenta.",
                          "The invited e-mail already has an account. Accept with that account's password.");
    User after = before;
    after.role = Role::manager;
    ++after.version;
    after.updated_ms = clock.now_ms();
    auto actions = actions_to_promote(before, after);
    co_return Invitee{.user = actions.empty() ? before : after, .actions = std::move(actions)};
}

} // namespace

Task<Result<Registered>> accept_invitation(const Caller& caller, const AcceptInvitation& request, TenantItems& items,
                                           PasswordHasher& hasher, TokenSigner& signer, IdGenerator& ids,
                                           Random& random, Clock& clock)
{
    const auto tenant = co_await tenants::load_open_tenant(items);
    if (!tenant && tenant.error().code == Errc::not_found)
        co_return no_such_invitation();
    if (!tenant)
        co_return std::unexpected(tenant.error());
    const auto invitation = co_await find_invitation(items, hash_of_secret(request.invitation.value));
    if (!invitation)
        co_return store_failure(invitation.error());
    if (!*invitation)
        co_return no_such_invitation();

    auto invitee = co_await find_or_create_invitee((*invitation)->email, request, items, hasher, ids, clock);
    if (!invitee)
        co_return std::unexpected(invitee.error());
    auto session = new_session(caller.tenant, invitee->user, signer, ids, random, clock);
    std::vector<Action> actions{
        Delete{.table = Table::users, .key = invitation_key((*invitation)->hash), .conditions = {Present{}}}};
    std::ranges::move(invitee->actions, std::back_inserter(actions));
    actions.emplace_back(std::move(session.put));
    if (const auto stored = co_await items.transact(std::move(actions)); !stored) {
        if (!is_condition_failed(stored.error()))
            co_return store_failure(stored.error());
        if (failed_action(stored.error(), 0))
            co_return no_such_invitation(); // another request used it first
        co_return write_conflict();
    }
    co_await finish_sign_in(caller, invitee->user.id, items, clock);
    co_return Registered{std::move(session.response)};
}

} // namespace estante::users
