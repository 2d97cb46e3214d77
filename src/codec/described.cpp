#include "codec/described.hpp"

#include <algorithm>

namespace estante::codec {

std::string enumerator_name(std::string_view identifier)
{
    constexpr std::string_view minus = "minus_";
    if (identifier.starts_with(minus))
        return "-" + std::string(identifier.substr(minus.size()));
    if (identifier.ends_with('_'))
        identifier.remove_suffix(1);
    return std::string(identifier);
}

void read_members(Reader& reader, const Map& map, void* object, std::span<const Field> fields)
{
    std::size_t known = 0;
    for (const Field& field : fields) {
        reader.in(field.name, [&] {
            if (const Value* value = find(map, field.name)) {
                ++known;
                field.read(reader, *value, object);
            } else if (!field.may_be_absent) {
                reader.missing();
            }
        });
    }
    if (known == map.size())
        return;
    for (const auto& [name, value] : map) {
        if (std::ranges::none_of(fields, [&](const Field& field) { return field.name == name; }))
            reader.in(name, [&] { reader.unknown(); });
    }
}

Value text_schema(std::size_t min, std::size_t max)
{
    return Map{{"type", "string"}, {"minLength", min}, {"maxLength", max}};
}

Value whole_schema(std::int64_t min, std::int64_t max)
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

Value spelled_schema(std::string_view format, std::string_view pattern)
{
    Map schema{{"type", "string"}};
    if (!format.empty())
        schema.emplace("description", Value(format));
    if (!pattern.empty())
        schema.emplace("pattern", Value(pattern));
    return schema;
}

Value or_null(Value schema)
{
    return Map{{"anyOf", List{std::move(schema), Map{{"type", "null"}}}}};
}

namespace {

void add_properties(Schemas& schemas, Map& properties, List& required, std::span<const Field> fields)
{
    for (const Field& field : fields) {
        if (field.in_place) {
            add_properties(schemas, properties, required, field.in_place());
            continue;
        }
        properties.emplace(std::string(field.name), field.schema(schemas));
        if (!(schemas.answers ? field.may_be_unwritten : field.may_be_absent))
            required.emplace_back(field.name);
    }
}

} // namespace

Value object_schema(Schemas& schemas, const std::string& type_name, std::span<const Field> fields)
{
    const std::string name = type_name + (schemas.answers ? "" : ".input");
    if (!schemas.components.contains(name)) {
        schemas.components.emplace(name, Value()); // a place, so that a type may contain itself
        Map properties;
        List required;
        add_properties(schemas, properties, required, fields);
        Map schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
        if (!required.empty())
            schema.emplace("required", std::move(required));
        schemas.components[name] = std::move(schema);
    }
    return Map{{"$ref", "#/components/schemas/" + name}};
}

// "estante::ListOf<estante::books::BookView>" → "ListOf.books.BookView"
std::string component_name(std::string_view pretty_type_name)
{
    constexpr std::string_view root = "estante::";
    std::string name;
    while (!pretty_type_name.empty()) {
        if (pretty_type_name.starts_with(root)) {
            pretty_type_name.remove_prefix(root.size());
            continue;
        }
        const char c = pretty_type_name.front();
        pretty_type_name.remove_prefix(1);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (plain)
            name += c;
        else if (!name.empty() && name.back() != '.')
            name += '.';
    }
    while (name.ends_with('.'))
        name.pop_back();
    return name;
}

} // namespace estante::codec
