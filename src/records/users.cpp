#include "records/users.hpp"

#include "records/item_attributes.hpp"

namespace estante {

namespace {

constexpr std::string_view user_prefix = "USER#";
constexpr const char* emails = "EMAIL";
constexpr const char* deletions = "DELETIONS";

} // namespace

Key user_key(const UserId& id, const Email& email)
{
    return {id.value, std::string(user_prefix) + encode_key_part(email.value)};
}

bool is_user(Table table, const Key& key)
{
    return table == Table::users && key.sk.starts_with(user_prefix);
}

Item to_item(const User& user)
{
    auto [pk, sk] = user_key(user.id, user.email);
    Item item{
        {"pk", pk},
        {"sk", sk},
        {"gsi1pk", emails},
        {"gsi1sk", user.email.value},
        {"user_id", user.id.value},
        {"email", user.email.value},
        {"role", enum_text(user.role)},
        {"password_hash", user.password_hash},
        {"password_version", user.password_version},
        {"version", user.version},
        {"created_at", time_value(user.created_ms)},
        {"updated_at", time_value(user.updated_ms)},
    };
    if (user.name)
        item.emplace("name", user.name->value);
    return item;
}

User user_from(const Item& item)
{
    return {
        .id = parsed_at<UserId>(item, "user_id"),
        .email = parsed_at<Email>(item, "email"),
        .name = optional_limited_at<PersonName>(item, "name"),
        .role = enum_at<Role>(item, "role"),
        .password_hash = text_at(item, "password_hash"),
        .password_version = int_at(item, "password_version"),
        .version = int_at(item, "version"),
        .created_ms = time_at(item, "created_at"),
        .updated_ms = time_at(item, "updated_at"),
    };
}

Key email_claim_key(const Email& email)
{
    return {std::string(emails) + "#" + encode_key_part(email.value), "CLAIM"};
}

Item email_claim_item(const User& user)
{
    auto [pk, sk] = email_claim_key(user.email);
    return {{"pk", pk}, {"sk", sk}, {"user_id", user.id.value}};
}

Query users_query(std::size_t limit, std::optional<Cursor> after)
{
    return {
        .table = Table::users, .index = Index::gsi1, .partition = emails, .limit = limit, .after = std::move(after)};
}

Task<StoreResult<std::optional<User>>> find_user(TenantItems& items, UserId id)
{
    const auto page = co_await items.query(
        {.table = Table::users, .partition = id.value, .sort_keys = SortPrefix{std::string(user_prefix)}, .limit = 1});
    if (!page)
        co_return std::unexpected(page.error());
    if (page->items.empty())
        co_return std::nullopt;
    co_return user_from(page->items.front());
}

Task<StoreResult<std::optional<User>>> find_user_by_email(TenantItems& items, Email email)
{
    const auto claim = co_await items.get(Table::users, email_claim_key(email));
    if (!claim)
        co_return std::unexpected(claim.error());
    const UserId unknown_user = UserId::from(Ulid{});
    const auto id = *claim ? parsed_at<UserId>(**claim, "user_id") : unknown_user;

    const auto user = co_await items.get(Table::users, user_key(id, email));
    if (!user)
        co_return std::unexpected(user.error());
    if (!*user)
        co_return std::nullopt;
    co_return user_from(**user);
}

Key deletion_key(const UserId& id)
{
    return {deletions, id.value};
}

Item deletion_item(const UserId& id, std::int64_t at_ms)
{
    auto [pk, sk] = deletion_key(id);
    return {{"pk", pk}, {"sk", sk}, {"user_id", id.value}, {"created_at", time_value(at_ms)}};
}

Query deletions_query(std::size_t limit)
{
    return {.table = Table::users, .partition = deletions, .limit = limit};
}

UserId deleted_user(const Item& deletion)
{
    return parsed_at<UserId>(deletion, "user_id");
}

} // namespace estante
