// What a processor answers of a batch, and how it takes a change's key apart.
#pragma once

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "ports/change_stream.hpp"

#include <optional>
#include <string>
#include <vector>

namespace estante {

// A change that the processor cannot take in, whatever it tries, and why (English, for whoever runs the platform).
struct PoisonRecord {
    Change change;
    std::string reason;
};

// What could not be taken in while everything else was. Errors: unavailable and the like: the batch is to come again.
using Processed = Result<std::vector<PoisonRecord>>;

struct ChangedKey {
    TenantId tenant;
    Key key; // as the shop sees it
};
// Nothing for a key that is of no shop.
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
