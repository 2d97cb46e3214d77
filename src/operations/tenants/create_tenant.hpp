#pragma once

#include "operations/idempotency_guard.hpp"
#include "operations/tenants/invite_manager.hpp"
#include "operations/tenants/tenant_view.hpp"

namespace estante::tenants {

struct CreateTenant {
    TenantId tenant_id{};
    ShopName name{};
    Email manager_email{};
    std::optional<LanguageCode> language{}; // es
    std::optional<Currency> currency{};     // EUR
    Or<VatRate, vat_on_books_in_spain> vat_rate{};
    DeliveryOptions delivery{};
};
BOOST_DESCRIBE_STRUCT(CreateTenant, (), (tenant_id, name, manager_email, language, currency, vat_rate, delivery))

struct CreatedTenant {
    TenantView tenant{};
    std::optional<InvitationText> invitation{};

    std::string etag() const { return tenant.etag(); }
    std::string location() const { return tenant.location(); }
};
BOOST_DESCRIBE_STRUCT(CreatedTenant, (), (tenant, invitation))

// Creates a shop and invites its first manager, in one transaction. The invitation is a secret, so a response that is
// replayed under an Idempotency-Key lacks it; invite_manager makes another.
// Errors: already_exists, invalid (the reserved id, no way of delivery), conflict (another request with this key).
Task<Result<CreatedTenant>> create_tenant(const Caller& caller, const CreateTenant& request, AllItems& all,
                                          Random& random, Clock& clock, IdempotencyGuard<CreatedTenant>& idempotency);

} // namespace estante::tenants
