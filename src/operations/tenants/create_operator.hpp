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

// Makes one of the platform's own staff, and with the first one the tenant `operator` that they log in to. Only for
// the command line: no route leads here. The last operator can be deleted no more than a shop's last manager.
// Errors: already_exists.
Task<Result<users::Profile>> create_operator(const CreateOperator& request, AllItems& all, PasswordHasher& hasher,
                                             Ids& ids, Clock& clock);

} // namespace estante::tenants
