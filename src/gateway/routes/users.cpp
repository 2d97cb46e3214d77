#include "gateway/routes/tables.hpp"
#include "operations/users/accept_invitation.hpp"
#include "operations/users/change_password.hpp"
#include "operations/users/delete_user.hpp"
#include "operations/users/get_profile.hpp"
#include "operations/users/get_user.hpp"
#include "operations/users/list_users.hpp"
#include "operations/users/login_user.hpp"
#include "operations/users/logout_user.hpp"
#include "operations/users/refresh_session.hpp"
#include "operations/users/register_user.hpp"
#include "operations/users/set_role.hpp"
#include "operations/users/update_profile.hpp"

namespace estante::routes {

using namespace estante::users;
using enum Access;
using enum Method;

std::span<const Route> users()
{
    static constexpr Route table[] = {
        route<&register_user>("register_user", post, "/v1/users/register", anyone, "Open an account and log in",
                              {.creates = true}),
        route<&login_user>("login_user", post, "/v1/users/login", anyone, "Log in"),
        route<&refresh_session>("refresh_session", post, "/v1/users/refresh", anyone,
                                "Exchange a refresh token for new tokens"),
        route<&logout_user>("logout_user", post, "/v1/users/logout", anyone, "End the session of a refresh token"),
        route<&accept_invitation>("accept_invitation", post, "/v1/users/accept-invitation", anyone,
                                  "Accept an invitation to manage a shop", {.creates = true}),
        route<&get_profile>("get_profile", get, "/v1/users/me", customer, "The caller's own account"),
        route<&update_profile>("update_profile", patch, "/v1/users/me", customer, "Change the caller's name or e-mail"),
        route<&delete_user>("delete_user", delete_, "/v1/users/me", customer, "Delete the caller's account"),
        route<&change_password>("change_password", post, "/v1/users/me/password", customer,
                                "Change the caller's password"),
        route<&list_users>("list_users", get, "/v1/users", manager, "The shop's accounts"),
        route<&get_user>("get_user", get, "/v1/users/{user_id}", manager, "One account of the shop"),
        route<&set_role>("set_role", put, "/v1/users/{user_id}/role", manager,
                         "Make an account a manager or a customer"),
    };
    return table;
}

} // namespace estante::routes
