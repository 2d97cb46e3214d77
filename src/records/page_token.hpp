// Where the next page of a list begins, as text: a store's cursor, tenant-relative. The gateway seals it for the
// outside.
#pragma once

#include "codec/shapes.hpp"
#include "ports/item_store.hpp"

#include <optional>

namespace estante {

Nullable<PageToken> to_page_token(const std::optional<Cursor>& next);

// Throws std::runtime_error for a text that to_page_token did not write, which no sealed token contains.
std::optional<Cursor> to_cursor(const std::optional<PageToken>& token);

} // namespace estante
