// A shop of the platform: its settings, and whether it is open.
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

// ISO 4217, of the currencies that have two decimals, as all amounts here do ("EUR", "MXN"; not "JPY" or "KWD").
struct Currency {
    static constexpr TextFormat format{"un código ISO 4217 de una moneda con dos decimales, como EUR",
                                       "an ISO 4217 code of a currency with two decimals, as EUR"};
    static constexpr std::string_view pattern = "^[A-Z]{3}$";
    std::string value;

    auto operator<=>(const Currency&) const = default;
    static std::optional<Currency> parse(std::string_view text);
};

// Per cent with up to two decimals: hundredths 550 is 5.5 %. The same number is VatAmount's rate_basis_points.
struct VatRate {
    static constexpr std::int64_t max_hundredths = 100'00;
    std::int64_t hundredths = 0;

    auto operator<=>(const VatRate&) const = default;
};
inline constexpr VatRate vat_on_books_in_spain{4'00}; // Ley 37/1992, art. 91.Dos.1.2.º

// The ways in which a purchase can reach its buyer; at least one.
struct DeliveryOptions {
    Or<bool, true> collect{};
    Or<bool, true> ship{};

    auto operator<=>(const DeliveryOptions&) const = default;
    bool any() const { return collect.value || ship.value; }
};
BOOST_DESCRIBE_STRUCT(DeliveryOptions, (), (collect, ship))

// A suspended shop answers nobody; one that moves to another store is read-only until it has moved.
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
    // How many of its users are staff. It changes in the transaction that changes a user, never below 1 once there is
    // one, and does not advance `version`, which counts the changes of settings and status.
    std::int64_t managers = 0;
    std::int64_t version = 1;
    std::int64_t created_ms = 0;
    std::int64_t updated_ms = 0;

    bool operator==(const Tenant&) const = default;
};

// The platform's own tenant is no shop: nobody registers in it, and it is in no list.
inline bool is_shop(const TenantId& id)
{
    return id.value != operator_tenant;
}

// What lets the holder of a secret text become a manager, once. Kept by the SHA-256 of the text.
struct Invitation {
    static constexpr std::int64_t lifetime_s = 7L * 24 * 3600;

    std::string hash;
    Email email;
    std::int64_t created_ms = 0;
    std::int64_t expires_at_s = 0;

    bool operator==(const Invitation&) const = default;
};

} // namespace estante
