#include "records/item_attributes.hpp"

#include "codec/timestamp.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante {

namespace {

const Value& value_at(const Map& item, std::string_view name)
{
    const Value* value = find(item, name);
    if (!value)
        throw_damaged(item, name, "a value");
    return *value;
}

const Number& number_at(const Map& item, std::string_view name)
{
    const Number* number = value_at(item, name).if_number();
    if (!number)
        throw_damaged(item, name, "a number");
    return *number;
}

} // namespace

void throw_damaged(const Map& item, std::string_view attribute, std::string_view expected)
{
    throw std::runtime_error(fmt::format("Damaged item {} / {}: its attribute {} is not {}.", text_of(item, "pk"),
                                         text_of(item, "sk"), attribute, expected));
}

const std::string& text_at(const Map& item, std::string_view name)
{
    const std::string* text = value_at(item, name).if_string();
    if (!text)
        throw_damaged(item, name, "a text");
    return *text;
}

std::int64_t int_at(const Map& item, std::string_view name)
{
    const auto value = number_at(item, name).to_int();
    if (!value)
        throw_damaged(item, name, "a whole number");
    return *value;
}

std::int64_t hundredths_at(const Map& item, std::string_view name)
{
    const auto value = number_at(item, name).to_hundredths();
    if (!value)
        throw_damaged(item, name, "a number with at most two decimals");
    return *value;
}

bool bool_at(const Map& item, std::string_view name)
{
    const bool* value = value_at(item, name).if_bool();
    if (!value)
        throw_damaged(item, name, "true or false");
    return *value;
}

const List& list_at(const Map& item, std::string_view name)
{
    const List* list = value_at(item, name).if_list();
    if (!list)
        throw_damaged(item, name, "a list");
    return *list;
}

const Map& map_at(const Map& item, std::string_view name)
{
    const Map* map = value_at(item, name).if_map();
    if (!map)
        throw_damaged(item, name, "a map");
    return *map;
}

std::optional<std::string> optional_text_at(const Map& item, std::string_view name)
{
    if (!find(item, name))
        return std::nullopt;
    return text_at(item, name);
}

std::optional<std::int64_t> optional_int_at(const Map& item, std::string_view name)
{
    if (!find(item, name))
        return std::nullopt;
    return int_at(item, name);
}

std::optional<std::int64_t> optional_hundredths_at(const Map& item, std::string_view name)
{
    if (!find(item, name))
        return std::nullopt;
    return hundredths_at(item, name);
}

Value time_value(std::int64_t ms)
{
    return to_string(Timestamp{ms});
}

std::int64_t time_at(const Map& item, std::string_view name)
{
    const auto time = parse_timestamp(text_at(item, name));
    if (!time)
        throw_damaged(item, name, "an RFC 3339 time");
    return time->ms;
}

} // namespace estante
