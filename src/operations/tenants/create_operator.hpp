#pragma once

#include "domain/result.hpp"
#include "operations/users/profile.hpp"
#include "ports/clock.hpp"
#include "ports/id_generator.hpp"
#include "ports/password_hasher.hpp"
#include "ports/tenant_items.hpp"

#include <boost/describe.hpp>

namespace estante::tenants {

struct CreateOperator {
    Email email{};
    Password password{};
    std::optional<PersonName> name{};
};
BOOST_DESCRIBE_STRUCT(CreateOperator, (), (email, password, name))

// Creates an operator: one of the platform's own staff. The first one also creates the tenant `operator` that they log
// in to. Only for the command line: no route leads here. Like a shop's last manager, the last operator cannot be
// deleted.
// Errors: already_exists.
Task<Result<users::Profile>> create_operator(const CreateOperator& request, AllItems& all, PasswordHasher& hasher,
                                             IdGenerator& ids, Clock& clock);

} // namespace estante::tenants
