// What a processor returns for a batch, and the tenant and key of a change.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/change_stream.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante {

// A change that the processor can never process.
struct PoisonRecord {
    Change change;
    std::string reason; // English, for the log and the dead letter
};

struct ChangedKey {
    TenantId tenant;
    Key key; // relative to the tenant
};
// Nothing for a key that belongs to no tenant.
inline std::optional<ChangedKey> changed_key(const Change& change)
{
    const auto hash = change.key.pk.find('#');
    if (hash == std::string::npos)
        return std::nullopt;
    auto tenant = TenantId::parse(std::string_view(change.key.pk).substr(0, hash));
    if (!tenant || tenant->value == operator_tenant)
        return std::nullopt;
    return ChangedKey{std::move(*tenant), {change.key.pk.substr(hash + 1), change.key.sk}};
}

} // namespace estante
