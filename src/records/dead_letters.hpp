// Changes that a processor has set aside: `operator#DEADLETTER#{processor}` / a digest of the changed item's key, in
// the table of users. An item has one: what is set aside later takes its place, since a change is only a hint to look
// at the item.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/item_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace estante {

struct DeadLetter {
    std::string processor{};
    Change change{};      // without its position; images that would make the letter too large for an item are left out
    std::string reason{}; // English, at most 1000 bytes
    std::int64_t set_aside_ms = 0;
};

Put dead_letter_put(DeadLetter letter);
Delete dead_letter_removal(const DeadLetter& letter); // unless another has taken its place
Query dead_letters_query(std::string_view processor, std::optional<Cursor> after);
DeadLetter dead_letter_from(const Item& item);

} // namespace estante
