#include "records/invitations.hpp"

#include "records/item_attributes.hpp"

namespace estante {

Key invitation_key(std::string_view hash)
{
    return {"INVITE#" + std::string(hash), "INVITE"};
}

Item to_item(const Invitation& invitation)
{
    auto [pk, sk] = invitation_key(invitation.hash);
    return {
        {"pk", pk},
        {"sk", sk},
        {"hash", invitation.hash},
        {"email", invitation.email.value},
        {"created_at", time_value(invitation.created_ms)},
        {"expires_at", invitation.expires_at_s},
    };
}

Invitation invitation_from(const Item& item)
{
    return {
        .hash = text_at(item, "hash"),
        .email = parsed_at<Email>(item, "email"),
        .created_ms = time_at(item, "created_at"),
        .expires_at_s = int_at(item, "expires_at"),
    };
}

Task<StoreResult<std::optional<Invitation>>> find_invitation(TenantItems& items, std::string hash)
{
    const auto item = co_await items.get(Table::users, invitation_key(hash));
    if (!item)
        co_return std::unexpected(item.error());
    if (!*item)
        co_return std::nullopt;
    co_return invitation_from(**item);
}

} // namespace estante
