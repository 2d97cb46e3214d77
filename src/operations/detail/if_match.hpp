// Optimistic concurrency: the version check before a write, and the error when another write was first.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace estante {

// Errors: version_mismatch, if If-Match names another version than the current one. "*" matches any version.
inline Result<void> check_version(const std::optional<IfMatch>& if_match, std::int64_t version)
{
    if (!if_match || if_match->etag == "*" || if_match->etag == std::to_string(version))
        return {};
    return failure(Errc::version_mismatch,
                   "La versión de If-Match no es la actual. Lea el recurso otra vez y repita el cambio.",
                   "The version in If-Match is not the current one. Read the resource again and repeat the change.");
}

// The item changed between the read and the write.
inline std::unexpected<Error> write_conflict(const std::optional<IfMatch>& if_match = std::nullopt)
{
    const bool has_version = if_match && if_match->etag != "*";
    return failure(has_version ? Errc::version_mismatch : Errc::conflict,
                   "Otra petición cambió el recurso al mismo tiempo. Léalo otra vez y repita el cambio.",
                   "Another request changed the resource at the same time. Read it again and repeat the change.");
}

} // namespace estante
