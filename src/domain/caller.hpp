// Who makes a request. Only the gateway (and tests) make a Caller, from an access token, a cart token or neither.
#pragma once

#include "domain/ids.hpp"

#include <boost/describe/enum.hpp>

#include <string>

namespace estante {

// What a user may do in a shop. The platform's own staff are `operator_` users of tenant `operator`.
enum class Role { customer, manager, operator_ };
BOOST_DESCRIBE_ENUM(Role, customer, manager, operator_)

struct Caller {
    enum class Kind { anyone, guest, customer, manager, operator_ };

    TenantId tenant;
    Kind kind = Kind::anyone;
    UserId user;       // empty for guests and anyone
    GuestId guest;     // of guests; also of a customer who sends the cart token from before the login
    SessionId session; // empty without a token

    bool is_user() const { return !user.empty(); }
    bool is_manager() const { return kind == Kind::manager; }
};

} // namespace estante
