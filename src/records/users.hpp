// Users as items, in the table of users: the user, the claim on its e-mail, and the mark that it is being deleted.
#pragma once

#include "domain/user.hpp"
#include "ports/tenant_items.hpp"

#include <optional>
#include <vector>

namespace estante {

Key user_key(const UserId& id, const Email& email);
bool is_user(Table table, const Key& key); // also of a key with its tenant
Item to_item(const User& user);
User user_from(const Item& item);

// An e-mail belongs to at most one user of a shop: who holds its claim.
Key email_claim_key(const Email& email);
Item email_claim_item(const User& user);

// All users of the shop, by e-mail.
Query users_query(std::size_t limit, std::optional<Cursor> after);

Task<StoreResult<std::optional<User>>> find_user(TenantItems& items, UserId id);
// Through the claim, both read strongly. As many reads for an e-mail that nobody has, so that time tells nothing.
Task<StoreResult<std::optional<User>>> find_user_by_email(TenantItems& items, Email email);

// Written with the deletion of a user and removed when all that was the user's is gone: what is left after a
// process was killed in between can be found and finished.
Key deletion_key(const UserId& id);
Item deletion_item(const UserId& id, std::int64_t at_ms);
Query deletions_query(std::size_t limit);
UserId deleted_user(const Item& deletion);

} // namespace estante
