#include "codec/schemas.hpp"

#include <algorithm>

namespace estante::codec {

Value text_schema(std::size_t min, std::size_t max)
{
    return Map{{"type", "string"}, {"minLength", min}, {"maxLength", max}};
}

Value integer_schema(std::int64_t min, std::int64_t max)
{
    return Map{{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}

Value hundredths_schema(std::int64_t max_hundredths)
{
    return Map{{"type", "number"}, {"minimum", 0}, {"maximum", Number::hundredths(max_hundredths)}};
}

Value enum_schema(std::string_view comma_separated_names)
{
    List names;
    while (!comma_separated_names.empty()) {
        const auto comma = std::min(comma_separated_names.find(", "), comma_separated_names.size());
        names.emplace_back(comma_separated_names.substr(0, comma));
        comma_separated_names.remove_prefix(std::min(comma + 2, comma_separated_names.size()));
    }
    return Map{{"type", "string"}, {"enum", std::move(names)}};
}

Value formatted_text_schema(std::string_view description, std::string_view pattern)
{
    Map schema{{"type", "string"}};
    if (!description.empty())
        schema.emplace("description", Value(description));
    if (!pattern.empty())
        schema.emplace("pattern", Value(pattern));
    return schema;
}

Value nullable(Value schema)
{
    return Map{{"anyOf", List{std::move(schema), Map{{"type", "null"}}}}};
}

} // namespace estante::codec
