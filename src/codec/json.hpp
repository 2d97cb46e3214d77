// Parses and writes JSON (RFC 8259). Numbers keep their exact decimal value.
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

// Rejects text that is not exactly one JSON value in UTF-8, and also duplicate keys, numbers outside Number's range,
// nesting deeper than `max_depth`, a byte order mark, and U+0000 in strings.
std::expected<Value, ParseError> parse(std::string_view text, std::size_t max_depth = 32);

// Appends: maps in key order, without white space.
void write(std::string& out, const Value& value);
void write_string(std::string& out, std::string_view text); // with quotes and escapes
std::string to_text(const Value& value);

} // namespace estante::json

namespace estante {

// Members of a document from another program: a member that is absent or of another type reads as empty.
const Map& map_in(const Map& map, std::string_view name);
const List& list_in(const Map& map, std::string_view name);

} // namespace estante
