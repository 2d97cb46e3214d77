// Attributes of items, read strictly and written plainly. An item that lacks an attribute or has it in another type or
// spelling is damaged: every reader here then throws std::runtime_error with the item's key and the attribute's name.
// Readers named optional_… answer nothing for an absent attribute, and throw for a wrong one all the same.
#pragma once

#include "codec/described.hpp"
#include "domain/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace estante {

[[noreturn]] void throw_damaged(const Map& item, std::string_view attribute, std::string_view expected);

const std::string& text_at(const Map& item, std::string_view name);
std::int64_t int_at(const Map& item, std::string_view name);
std::int64_t hundredths_at(const Map& item, std::string_view name); // 29.99 → 2999
bool bool_at(const Map& item, std::string_view name);
const List& list_at(const Map& item, std::string_view name);
const Map& map_at(const Map& item, std::string_view name);

std::optional<std::string> optional_text_at(const Map& item, std::string_view name);
std::optional<std::int64_t> optional_int_at(const Map& item, std::string_view name);
std::optional<std::int64_t> optional_hundredths_at(const Map& item, std::string_view name);

// The name of a described enumerator, the same in items and JSON.
template <codec::Enumeration E> std::string enum_text(E value)
{
    return codec::name_of(value);
}

template <codec::Enumeration E> E enum_at(const Map& item, std::string_view name)
{
    const auto value = codec::enumerator<E>(text_at(item, name));
    if (!value)
        throw_damaged(item, name, "one of its names");
    return *value;
}

// A value with a spelling: an id, an e-mail, an ISBN …, by its T::parse.
template <class T> T spelled_at(const Map& item, std::string_view name)
{
    auto value = T::parse(text_at(item, name));
    if (!value)
        throw_damaged(item, name, "a valid spelling");
    return std::move(*value);
}

template <class T> std::optional<T> optional_spelled_at(const Map& item, std::string_view name)
{
    if (!find(item, name))
        return std::nullopt;
    return spelled_at<T>(item, name);
}

// A Text<Min, Max>, whose limits were checked when it came in.
template <class T> std::optional<T> optional_limited_at(const Map& item, std::string_view name)
{
    auto text = optional_text_at(item, name);
    if (!text)
        return std::nullopt;
    return T{std::move(*text)};
}

} // namespace estante
