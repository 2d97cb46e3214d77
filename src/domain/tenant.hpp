// A shop: its settings and its status.
#pragma once

#include "domain/book.hpp"
#include "domain/caller.hpp"
#include "domain/email.hpp"
#include "domain/ids.hpp"
#include "domain/limited.hpp"
#include "domain/text_format.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

// An ISO 4217 code of a currency with two decimals, because all amounts have two ("EUR", "MXN"; not "JPY" or "KWD").
struct Currency {
    static constexpr TextFormat format{"un código ISO 4217 de una moneda con dos decimales, como EUR",
                                       "an ISO 4217 code of a currency with two decimals, as EUR"};
    static constexpr std::string_view pattern = "^[A-Z]{3}$";
    std::string value;

    auto operator<=>(const Currency&) const = default;
    static std::optional<Currency> parse(std::string_view text);
};

// A percentage with up to two decimals: 550 hundredths are 5.5 %. The same number is VatAmount::rate_basis_points.
struct VatRate {
    static constexpr std::int64_t max_hundredths = 100'00;
    std::int64_t hundredths = 0;

    auto operator<=>(const VatRate&) const = default;
};
inline constexpr VatRate vat_on_books_in_spain{4'00}; // Ley 37/1992, art. 91.Dos.1.2.º

// The delivery methods that a shop offers; at least one.
struct DeliveryOptions {
    Or<bool, true> collect{};
    Or<bool, true> ship{};

    auto operator<=>(const DeliveryOptions&) const = default;
    bool any() const { return collect.value || ship.value; }
};
BOOST_DESCRIBE_STRUCT(DeliveryOptions, (), (collect, ship))

// A suspended shop refuses all requests. A shop that is being moved to another store is read-only.
enum class TenantStatus { active, suspended, moving };
BOOST_DESCRIBE_ENUM(TenantStatus, active, suspended, moving)

using ShopName = Text<1, 100>;

struct TenantSettings {
    ShopName name;
    LanguageCode language{"es"};
    Currency currency{"EUR"};
    VatRate vat_rate = vat_on_books_in_spain;
    DeliveryOptions delivery{};

    bool operator==(const TenantSettings&) const = default;
};

struct Tenant {
    TenantId id;
    TenantSettings settings;
    TenantStatus status = TenantStatus::active;
    // The number of its managers. It changes in the transaction that changes a user, and never from 1 to 0. It does not
    // advance `version`, which counts the changes of settings and status.
    std::int64_t managers = 0;
    std::int64_t version = 1;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;

    bool operator==(const Tenant&) const = default;
};

// The operator's own tenant is not a shop: nobody can register in it, and no list has it.
inline bool is_shop(const TenantId& id)
{
    return id.value != operator_tenant;
}

// A one-time invitation to become a manager. The invited person has a secret text; the store has its SHA-256.
struct Invitation {
    static constexpr std::int64_t lifetime_s = 7L * 24 * 3600;

    std::string hash;
    Email email;
    std::int64_t created_ms = 0;
    std::int64_t expires_at_s = 0;

    bool operator==(const Invitation&) const = default;
};

} // namespace estante
