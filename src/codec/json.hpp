// JSON text (RFC 8259) and document values. Numbers keep their exact decimal value in both directions.
#pragma once

#include "domain/value.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace estante::json {

struct ParseError {
    std::size_t offset = 0; // bytes into the text
    std::string reason;     // English, for a log line or the detail of a problem
};

// Refuses what is not one whole JSON value in UTF-8, and also: duplicate keys, numbers outside Number's range, nesting
// deeper than `max_depth`, a byte order mark, and U+0000 in strings.
std::expected<Value, ParseError> parse(std::string_view text, std::size_t max_depth = 32);

// Appends; maps in key order, no white space, money-like numbers as they are ("29.9").
void write(std::string& out, const Value& value);
void write_string(std::string& out, std::string_view text); // with quotes and escapes
std::string to_text(const Value& value);

} // namespace estante::json

namespace estante {

// Of an answer that another program made: what is absent or of another type reads as empty.
const Map& map_in(const Map& map, std::string_view name);
const List& list_in(const Map& map, std::string_view name);

} // namespace estante
