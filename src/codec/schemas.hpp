// JSON Schema 2020-12, the dialect of OpenAPI 3.1: the pieces that the codecs build their schemas from.
#pragma once

#include "domain/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace estante::codec {

// The schemas of an OpenAPI document, by component name. A request may leave out members that a response always has, so
// a type has one schema for requests (its name ends in ".input") and one for responses.
struct Schemas {
    Map components{};
    bool for_responses = true;
};

Value text_schema(std::size_t min, std::size_t max);
Value integer_schema(std::int64_t min, std::int64_t max);
Value hundredths_schema(std::int64_t max_hundredths);
Value enum_schema(std::string_view comma_separated_names);
// "" leaves out the description or the pattern.
Value formatted_text_schema(std::string_view description, std::string_view pattern);
Value nullable(Value schema);

} // namespace estante::codec
