// Errors about accounts and sessions that several operations return.
#pragma once

#include "domain/result.hpp"

namespace estante::users {

// 401: the token's account or session was deleted after the token was checked.
std::unexpected<Error> account_deleted();

// 401: the refresh token is invalid, expired or superseded.
std::unexpected<Error> invalid_refresh_token();

// 409: another account in this shop has the e-mail.
std::unexpected<Error> email_in_use();

// 409: the shop would be left without a manager.
std::unexpected<Error> last_manager();

} // namespace estante::users
