// Dead letters: changes that a processor could not process. Key: `operator#DEADLETTER#{processor}` / a digest of the
// changed item's key, in the table of users. There is one for each item, because a change is only a hint to read the
// item again: a later dead letter replaces an earlier one.
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
    Change change{};      // without its position, and without images that do not fit into an item
    std::string reason{}; // English, at most 1000 bytes
    std::int64_t failed_ms = 0;
};

Put dead_letter_put(DeadLetter letter);
Delete dead_letter_removal(const DeadLetter& letter); // fails if a later one has replaced it
Query dead_letters_query(std::string_view processor, std::optional<Cursor> after);
DeadLetter dead_letter_from(const Item& item);

} // namespace estante
