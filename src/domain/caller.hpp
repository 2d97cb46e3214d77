// Who is asking: made only by the gateway (and by tests), from a token, a cart token or nothing.
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
    GuestId guest;     // of guests; for a customer's first request after login also the guest that they were
    SessionId session; // empty without a token

    bool is_user() const { return !user.empty(); }
    bool is_manager() const { return kind == Kind::manager; }
};

} // namespace estante
