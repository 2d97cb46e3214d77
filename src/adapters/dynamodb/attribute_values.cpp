#include "adapters/dynamodb/attribute_values.hpp"

#include "codec/json.hpp"
#include "domain/overloaded.hpp"

#include <fmt/format.h>

namespace estante::dynamodb {

namespace {

Number number_from(const std::string& text)
{
    auto number = Number::parse(text);
    if (!number)
        throw UnsupportedValue(fmt::format("'{}' is not a number", text));
    return std::move(*number);
}

template <class Element> Value list_from(const List& elements, Element element)
{
    List list;
    list.reserve(elements.size());
    for (const Value& one : elements)
        list.push_back(element(one));
    return list;
}

} // namespace

void write_attribute(std::string& out, const Value& value)
{
    std::visit(Overloaded{[&](std::nullptr_t) { out += R"({"NULL":true})"; },
                          [&](bool yes) { out += yes ? R"({"BOOL":true})" : R"({"BOOL":false})"; },
                          [&](const Number& number) { ((out += R"({"N":")") += number.text()) += "\"}"; },
                          [&](const std::string& text) {
                              out += R"({"S":)";
                              json::write_string(out, text);
                              out += '}';
                          },
                          [&](const List& list) {
                              out += R"({"L":[)";
                              for (std::size_t i = 0; i < list.size(); ++i) {
                                  if (i > 0)
                                      out += ',';
                                  write_attribute(out, list[i]);
                              }
                              out += "]}";
                          },
                          [&](const Map& map) {
                              out += R"({"M":)";
                              write_item(out, map);
                              out += '}';
                          }},
               value.data);
}

void write_item(std::string& out, const Map& item)
{
    out += '{';
    for (const auto& [name, value] : item) {
        if (out.back() != '{')
            out += ',';
        json::write_string(out, name);
        out += ':';
        write_attribute(out, value);
    }
    out += '}';
}

Value attribute_from(const Value& json)
{
    const Map* map = json.if_map();
    if (!map || map->size() != 1)
        throw UnsupportedValue("not an attribute value");
    const auto& [type, value] = *map->begin();
    if (const std::string* text = value.if_string()) {
        if (type == "S")
            return *text;
        if (type == "N")
            return number_from(*text);
    }
    if (const bool* flag = value.if_bool()) {
        if (type == "BOOL")
            return *flag;
        if (type == "NULL")
            return nullptr;
    }
    if (const Map* members = value.if_map(); members && type == "M")
        return item_from(*members);
    if (const List* list = value.if_list()) {
        if (type == "L")
            return list_from(*list, attribute_from);
        if (type == "SS")
            return list_from(*list, [](const Value& text) { return text; });
        if (type == "NS")
            return list_from(*list, [](const Value& text) -> Value {
                return number_from(text.if_string() ? *text.if_string() : std::string());
            });
    }
    throw UnsupportedValue(fmt::format("unsupported type {}", type));
}

Map item_from(const Map& json)
{
    Map item;
    item.reserve(json.size());
    for (const auto& [name, value] : json)
        item.emplace_hint(item.end(), name, attribute_from(value)); // both maps have the same order
    return item;
}

} // namespace estante::dynamodb
