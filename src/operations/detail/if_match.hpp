// The two ends of optimistic concurrency: a version that is not the caller's, and a race that was lost at the write.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante {

// Errors: version_mismatch, when the caller named another version than the current one. "*" is any.
inline Result<void> check_version(const std::optional<IfMatch>& if_match, std::int64_t version)
{
    if (!if_match || if_match->etag == "*" || if_match->etag == std::to_string(version))
        return {};
    return failure(Errc::version_mismatch,
                   "La versión de If-Match no es la actual. Lea el recurso otra vez y repita el cambio.",
                   "The version in If-Match is not the current one. Read the resource again and repeat the change.");
}

// Someone else changed the item between the read and the write.
inline std::unexpected<Error> write_conflict(const std::optional<IfMatch>& if_match = std::nullopt)
{
    const bool named_a_version = if_match && if_match->etag != "*";
    return failure(named_a_version ? Errc::version_mismatch : Errc::conflict,
                   "El recurso cambió al mismo tiempo. Léalo otra vez y repita el cambio.",
                   "The resource changed at the same time. Read it again and repeat the change.");
}

} // namespace estante
