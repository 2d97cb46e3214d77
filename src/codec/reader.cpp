#include "codec/reader.hpp"

#include "codec/timestamp.hpp"
#include "domain/code_points.hpp"
#include "domain/money.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::codec {

namespace {

bool is_control(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
}

} // namespace

bool is_utf8(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        if (next_code_point(text, at) < 0)
            return false;
    }
    return true;
}

void Reader::push_segment(std::string_view name)
{
    if (pointer_.empty() && source == Source::text) {
        (pointer_ += '?') += name;
        return;
    }
    pointer_ += '/';
    for (const char c : name) {
        if (c == '~')
            pointer_ += "~0";
        else if (c == '/')
            pointer_ += "~1";
        else
            pointer_ += c;
    }
}

void Reader::add_fault(std::string code, std::string es, std::string en)
{
    if (faults.size() < max_list_items)
        faults.push_back({pointer_, std::move(code), {std::move(es), std::move(en)}});
}

void Reader::add_missing()
{
    add_fault("required", "es obligatorio", "is required");
}

void Reader::add_unknown_field()
{
    add_fault("unknown_field", "no es un campo conocido", "is not a known field");
}

void Reader::add_not_one_of(std::string_view names)
{
    add_fault("not_one_of", fmt::format("debe ser uno de: {}", names), fmt::format("must be one of: {}", names));
}

void Reader::add_bad_format(const TextFormat& format)
{
    add_fault("bad_format", fmt::format("debe ser {}", format.es), fmt::format("must be {}", format.en));
}

void Reader::add_bad_id(std::string_view prefix)
{
    add_fault("bad_format", fmt::format("debe ser un identificador, como {}01J…", prefix),
              fmt::format("must be an id, as {}01J…", prefix));
}

bool Reader::text(const Value& value, std::string& out, std::size_t min, std::size_t max)
{
    const std::string* text = value.if_string();
    if (!text) {
        add_fault("wrong_type", "debe ser un texto", "must be a string");
        return false;
    }
    const auto length = count_code_points(*text);
    if (length < min || length > max) {
        add_fault(length < min ? "too_short" : "too_long",
                  fmt::format("debe tener de {} a {} caracteres, tiene {}", min, max, length),
                  fmt::format("must have {} to {} characters, has {}", min, max, length));
        return false;
    }
    if (std::ranges::any_of(*text, is_control) || (source == Source::text && !is_utf8(*text))) {
        add_fault("bad_characters", "contiene caracteres de control o no es UTF-8",
                  "has control characters or is not UTF-8");
        return false;
    }
    if (min > 0 && std::ranges::all_of(*text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; })) {
        add_fault("blank", "no puede estar en blanco", "must not be blank");
        return false;
    }
    out = *text;
    return true;
}

void Reader::integer(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max)
{
    const Number* number = value.if_number();
    std::optional<Number> parsed;
    if (source == Source::text && value.if_string()) {
        parsed = Number::parse(*value.if_string());
        number = parsed ? &*parsed : nullptr;
    }
    if (!number || number->text().contains('.'))
        return add_fault("wrong_type", "debe ser un número entero", "must be a whole number");
    const auto integer = number->to_int();
    if (!integer || *integer < min || *integer > max)
        return add_fault("out_of_range", fmt::format("debe estar entre {} y {}, es {}", min, max, number->text()),
                         fmt::format("must be {} to {}, is {}", min, max, number->text()));
    out = *integer;
}

void Reader::boolean(const Value& value, bool& out)
{
    if (const bool* b = value.if_bool())
        out = *b;
    else if (const auto* text = value.if_string();
             source == Source::text && text && (*text == "true" || *text == "false"))
        out = *text == "true";
    else
        add_fault("wrong_type", "debe ser true o false", "must be true or false");
}

void Reader::hundredths(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max)
{
    const Number* number = value.if_number();
    std::optional<Number> parsed;
    if (source == Source::text && value.if_string()) {
        parsed = Number::parse(*value.if_string());
        number = parsed ? &*parsed : nullptr;
    }
    if (!number)
        return add_fault("wrong_type", "debe ser un número con dos decimales como máximo",
                         "must be a number with at most two decimals");
    const auto amount = number->to_hundredths();
    if (!amount && number->text().contains('.'))
        return add_fault("too_many_decimals", "debe tener dos decimales como máximo", "must have at most two decimals");
    if (!amount || *amount < min || *amount > max)
        return add_fault(
            "out_of_range",
            fmt::format("debe estar entre {} y {}, es {}", to_string(Money{min}), to_string(Money{max}),
                        number->text()),
            fmt::format("must be {} to {}, is {}", to_string(Money{min}), to_string(Money{max}), number->text()));
    out = *amount;
}

void Reader::timestamp(const Value& value, std::int64_t& ms)
{
    const std::string* text = value.if_string();
    const auto time = text ? parse_timestamp(*text) : std::nullopt;
    if (!time)
        return add_fault("bad_format", "debe ser una fecha y hora RFC 3339, por ejemplo 2026-01-31T09:30:00Z",
                         "must be an RFC 3339 time, for instance 2026-01-31T09:30:00Z");
    ms = time->ms;
}

const List* Reader::elements(const Value& value, List& parts)
{
    const List* list = value.if_list();
    if (const std::string* text = value.if_string(); source == Source::text && text) {
        for (std::size_t from = 0; from <= text->size();) {
            const auto comma = std::min(text->find(',', from), text->size());
            if (comma > from)
                parts.emplace_back(text->substr(from, comma - from));
            from = comma + 1;
        }
        list = &parts;
    }
    if (!list) {
        add_fault("wrong_type", "debe ser una lista", "must be an array");
        return nullptr;
    }
    if (list->size() > max_list_items) {
        add_fault("too_many",
                  fmt::format("debe tener {} elementos como máximo, tiene {}", max_list_items, list->size()),
                  fmt::format("must have at most {} elements, has {}", max_list_items, list->size()));
        return nullptr;
    }
    return list;
}

const Map* Reader::members(const Value& value)
{
    const Map* map = value.if_map();
    if (!map)
        add_fault("wrong_type", "debe ser un objeto", "must be an object");
    return map;
}

} // namespace estante::codec
