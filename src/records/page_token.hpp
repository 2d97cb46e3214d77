// The cursor of the next page as text; its keys are tenant-relative. The gateway signs it before it goes to a client.
#pragma once

#include "codec/shapes.hpp"
#include "ports/item_store.hpp"

#include <optional>

namespace estante {

Nullable<PageToken> to_page_token(const std::optional<Cursor>& next);

// Throws std::runtime_error for a text that to_page_token did not write; a signed token never contains one.
std::optional<Cursor> to_cursor(const std::optional<PageToken>& token);

} // namespace estante
