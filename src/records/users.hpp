// Users as items, in the table of users: the user, the claim on the e-mail, and the mark of an unfinished deletion.
#pragma once

#include "domain/user.hpp"
#include "ports/tenant_items.hpp"

#include <optional>
#include <vector>

namespace estante {

Key user_key(const UserId& id, const Email& email);
bool is_user(Table table, const Key& key); // with or without the tenant in the key
Item to_item(const User& user);
User user_from(const Item& item);

// An e-mail belongs to at most one user of a shop: the one in its claim.
Key email_claim_key(const Email& email);
Item email_claim_item(const User& user);

// All users of the shop, by e-mail.
Query users_query(std::size_t limit, std::optional<Cursor> after);

Task<StoreResult<std::optional<User>>> find_user(TenantItems& items, UserId id);
// Reads the claim, then the user, both strongly consistent. For an unknown e-mail it makes the same reads, so that the
// time reveals nothing.
Task<StoreResult<std::optional<User>>> find_user_by_email(TenantItems& items, Email email);

// Written when a user is deleted, removed when all items of the user are deleted: if the process is killed in between,
// the deletion can be found and finished.
Key deletion_key(const UserId& id);
Item deletion_item(const UserId& id, std::int64_t at_ms);
Query deletions_query(std::size_t limit);
UserId deleted_user(const Item& deletion);

} // namespace estante
