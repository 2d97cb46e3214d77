// How each kind of value is read from JSON or from the text of a query string, written as JSON, and described as JSON
// Schema: one specialisation of Codec for each kind. The codec of described structs is in described.hpp.
#pragma once

#include "codec/enumerations.hpp"
#include "codec/json.hpp"
#include "codec/reader.hpp"
#include "codec/schemas.hpp"
#include "codec/shapes.hpp"
#include "codec/timestamp.hpp"
#include "domain/limited.hpp"
#include "domain/money.hpp"

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace estante::codec {

// - read: fills `out`, or adds faults to the reader.
// - write: appends.
// - schema: of the value itself, or a $ref to a component that it adds to `schemas`.
template <class T> struct Codec;

template <class T> void read(Reader& reader, const Value& value, T& out)
{
    Codec<T>::read(reader, value, out);
}

template <class T> void write(std::string& out, const T& value)
{
    Codec<T>::write(out, value);
}

template <class T> Value schema(Schemas& schemas)
{
    return Codec<T>::schema(schemas);
}

template <class T> std::string to_json(const T& value)
{
    std::string text;
    write(text, value);
    return text;
}

// ---- scalars

template <> struct Codec<bool> {
    static void read(Reader& reader, const Value& value, bool& out) { reader.boolean(value, out); }
    static void write(std::string& out, bool value) { out += value ? "true" : "false"; }
    static Value schema(Schemas&) { return Map{{"type", "boolean"}}; }
};

template <std::integral T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out)
    {
        std::int64_t number = 0;
        reader.integer(value, number, std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
        out = static_cast<T>(number);
    }
    static void write(std::string& out, T value) { out += std::to_string(value); }
    static Value schema(Schemas&) { return Map{{"type", "integer"}}; }
};

template <> struct Codec<std::string> {
    static constexpr std::size_t max_length = 10'000;

    static void read(Reader& reader, const Value& value, std::string& out) { reader.text(value, out, 0, max_length); }
    static void write(std::string& out, const std::string& value) { json::write_string(out, value); }
    static Value schema(Schemas&) { return Map{{"type", "string"}}; }
};

template <> struct Codec<Money> {
    static void read(Reader& reader, const Value& value, Money& out)
    {
        reader.hundredths(value, out.cents, 0, Money::max_cents);
    }
    static void write(std::string& out, Money value) { out += to_string(value); }
    static Value schema(Schemas&) { return Map{{"type", "number"}}; }
};

template <> struct Codec<Timestamp> {
    static void read(Reader& reader, const Value& value, Timestamp& out) { reader.timestamp(value, out.ms); }
    static void write(std::string& out, Timestamp value) { ((out += '"') += to_string(value)) += '"'; }
    static Value schema(Schemas&) { return Map{{"type", "string"}, {"format", "date-time"}}; }
};

template <> struct Codec<PageToken> {
    static constexpr std::size_t max_length = 4096; // the longest cursor of a port in base64, and its signature

    static void read(Reader& reader, const Value& value, PageToken& out)
    {
        reader.text(value, out.text, 1, max_length);
    }
    static void write(std::string& out, const PageToken& value) { json::write_string(out, value.text); }
    static Value schema(Schemas&) { return Map{{"type", "string"}}; }
};

template <> struct Codec<IfMatch> {
    static constexpr std::size_t max_length = 100;

    static void read(Reader& reader, const Value& value, IfMatch& out) { reader.text(value, out.etag, 1, max_length); }
    static void write(std::string& out, const IfMatch& value) { json::write_string(out, value.etag); }
    static Value schema(Schemas&) { return Map{{"type", "string"}}; }
};

template <Enumeration T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out)
    {
        const std::string* name = value.if_string();
        if (const auto found = name ? enumerator<T>(*name) : std::nullopt)
            out = *found;
        else
            reader.add_not_one_of(names_of<T>());
    }
    static void write(std::string& out, T value) { ((out += '"') += name_of(value)) += '"'; }
    static Value schema(Schemas&) { return enum_schema(names_of<T>()); }
};

// ---- types that state their limits

template <class T>
concept LimitedText = requires(T t) {
    { t.value } -> std::same_as<std::string&>;
    { T::min } -> std::convertible_to<std::size_t>;
    { T::max } -> std::convertible_to<std::size_t>;
};

template <LimitedText T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out) { reader.text(value, out.value, T::min, T::max); }
    static void write(std::string& out, const T& value) { json::write_string(out, value.value); }
    static Value schema(Schemas&) { return text_schema(T::min, T::max); }
};

template <class T>
concept LimitedInt = requires(T t) {
    { t.value } -> std::same_as<std::int64_t&>;
    { T::min } -> std::convertible_to<std::int64_t>;
    { T::max } -> std::convertible_to<std::int64_t>;
};

template <LimitedInt T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out) { reader.integer(value, out.value, T::min, T::max); }
    static void write(std::string& out, const T& value) { out += std::to_string(value.value); }
    static Value schema(Schemas&) { return integer_schema(T::min, T::max); }
};

// A number with at most two decimals that states its highest value.
template <class T>
concept Hundredths = requires(T t) {
    { t.hundredths } -> std::same_as<std::int64_t&>;
    { T::max_hundredths } -> std::convertible_to<std::int64_t>;
};

template <Hundredths T> struct Codec<T> {
    static void read(Reader& reader, const Value& value, T& out)
    {
        reader.hundredths(value, out.hundredths, 0, T::max_hundredths);
    }
    static void write(std::string& out, const T& value) { out += Number::hundredths(value.hundredths).text(); }
    static Value schema(Schemas&) { return hundredths_schema(T::max_hundredths); }
};

// A text with a format of its own: an id (which has a `prefix`), an e-mail, an ISBN (which have a `format`).
template <class T>
concept ParsesFromText = requires(T t, std::string_view text) {
    { t.value } -> std::same_as<std::string&>;
    { T::parse(text) } -> std::same_as<std::optional<T>>;
};

template <ParsesFromText T> struct Codec<T> {
    static constexpr std::size_t max_length = 1000;

    static void read(Reader& reader, const Value& value, T& out)
    {
        std::string text;
        if (!reader.text(value, text, 1, max_length))
            return;
        if (auto parsed = T::parse(text))
            out = std::move(*parsed);
        else if constexpr (requires { T::format; })
            reader.add_bad_format(T::format);
        else
            reader.add_bad_id(T::prefix);
    }
    static void write(std::string& out, const T& value) { json::write_string(out, value.value); }
    static Value schema(Schemas&)
    {
        if constexpr (requires { T::format; })
            return formatted_text_schema(T::format.en, T::pattern);
        else
            return formatted_text_schema("", "^" + std::string(T::prefix) + "[0-9A-HJKMNP-TV-Z]{26}$");
    }
};

// ---- wrappers

template <class T> struct Codec<std::optional<T>> {
    static void read(Reader& reader, const Value& value, std::optional<T>& out)
    {
        if (!value.is_null())
            codec::read(reader, value, out.emplace());
    }
    static void write(std::string& out, const std::optional<T>& value)
    {
        if (value)
            codec::write(out, *value);
        else
            out += "null";
    }
    static Value schema(Schemas& schemas) { return codec::schema<T>(schemas); }
};

// A member of a JSON Merge Patch (RFC 7396): absent leaves the value, null clears it, anything else sets it.
template <class T> struct Codec<std::optional<std::optional<T>>> {
    static void read(Reader& reader, const Value& value, std::optional<std::optional<T>>& out)
    {
        codec::read(reader, value, out.emplace());
    }
    static void write(std::string& out, const std::optional<std::optional<T>>& value)
    {
        codec::write(out, value ? *value : std::nullopt);
    }
    static Value schema(Schemas& schemas) { return nullable(codec::schema<T>(schemas)); }
};

template <class T> struct Codec<Nullable<T>> {
    static void read(Reader& reader, const Value& value, Nullable<T>& out) { codec::read(reader, value, out.value); }
    static void write(std::string& out, const Nullable<T>& value) { codec::write(out, value.value); }
    static Value schema(Schemas& schemas) { return nullable(codec::schema<T>(schemas)); }
};

template <class T, auto fallback> struct Codec<Or<T, fallback>> {
    static void read(Reader& reader, const Value& value, Or<T, fallback>& out)
    {
        codec::read(reader, value, out.value);
    }
    static void write(std::string& out, const Or<T, fallback>& value) { codec::write(out, value.value); }
    static Value schema(Schemas& schemas) { return codec::schema<T>(schemas); }
};

template <class T> struct Codec<std::vector<T>> {
    static void read(Reader& reader, const Value& value, std::vector<T>& out)
    {
        List parts;
        if (const List* list = reader.elements(value, parts)) {
            for (std::size_t i = 0; const Value& element : *list)
                reader.at_member(std::to_string(i++), [&] { codec::read(reader, element, out.emplace_back()); });
        }
    }
    static void write(std::string& out, const std::vector<T>& value)
    {
        out += '[';
        for (bool first = true; const T& element : value) {
            if (!std::exchange(first, false))
                out += ',';
            codec::write(out, element);
        }
        out += ']';
    }
    static Value schema(Schemas& schemas) { return Map{{"type", "array"}, {"items", codec::schema<T>(schemas)}}; }
};

} // namespace estante::codec
