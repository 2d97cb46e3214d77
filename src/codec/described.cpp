#include "codec/described.hpp"

#include <algorithm>

namespace estante::codec {

void read_members(Reader& reader, const Map& map, void* object, std::span<const Field> fields)
{
    std::size_t found = 0;
    for (const Field& field : fields) {
        reader.at_member(field.name, [&] {
            if (const Value* value = find(map, field.name)) {
                ++found;
                field.read(reader, *value, object);
            } else if (!field.optional_in_request) {
                reader.add_missing();
            }
        });
    }
    if (found == map.size())
        return;
    for (const auto& [name, value] : map) {
        if (std::ranges::none_of(fields, [&](const Field& field) { return field.name == name; }))
            reader.at_member(name, [&] { reader.add_unknown_field(); });
    }
}

void write_members(std::string& out, const void* object, std::span<const Field> fields)
{
    out += '{';
    for (const Field& field : fields)
        field.write(out, object);
    if (out.back() == ',')
        out.back() = '}';
    else
        out += '}';
}

namespace {

void add_properties(Schemas& schemas, Map& properties, List& required, std::span<const Field> fields)
{
    for (const Field& field : fields) {
        if (field.inlined_members) {
            add_properties(schemas, properties, required, field.inlined_members());
            continue;
        }
        properties.emplace(std::string(field.name), field.schema(schemas));
        if (!(schemas.for_responses ? field.optional_in_response : field.optional_in_request))
            required.emplace_back(field.name);
    }
}

} // namespace

Value object_schema(Schemas& schemas, const std::string& type_name, std::span<const Field> fields)
{
    const std::string name = type_name + (schemas.for_responses ? "" : ".input");
    if (!schemas.components.contains(name)) {
        schemas.components.emplace(name, Value()); // a placeholder: a type may contain itself
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
