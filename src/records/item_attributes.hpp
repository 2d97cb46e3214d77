// Reads and writes the attributes of items. Reading is strict: if an attribute is missing, has another type or another
// format, the item is damaged and the reader throws std::runtime_error with the item's key and the attribute's name.
// The readers named optional_… return nothing for an absent attribute; for a wrong one they throw as well.
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

// Times are RFC 3339 UTC with milliseconds, so that they sort by time.
Value time_value(std::int64_t ms);
std::int64_t time_at(const Map& item, std::string_view name);

// The name of a described enumerator, the same in items and in JSON.
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

// An id, an e-mail, an ISBN …: a value that T::parse reads from text.
template <class T> T parsed_at(const Map& item, std::string_view name)
{
    auto value = T::parse(text_at(item, name));
    if (!value)
        throw_damaged(item, name, "in a valid format");
    return std::move(*value);
}

template <class T> std::optional<T> optional_parsed_at(const Map& item, std::string_view name)
{
    if (!find(item, name))
        return std::nullopt;
    return parsed_at<T>(item, name);
}

// A Text<Min, Max>. Its limits were checked when the request was read.
template <class T> std::optional<T> optional_limited_at(const Map& item, std::string_view name)
{
    auto text = optional_text_at(item, name);
    if (!text)
        return std::nullopt;
    return T{std::move(*text)};
}

} // namespace estante
