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

void Reader::step(std::string_view name)
{
    if (at_.empty() && source == Source::text) {
        (at_ += '?') += name;
        return;
    }
    at_ += '/';
    for (const char c : name) {
        if (c == '~')
            at_ += "~0";
        else if (c == '/')
            at_ += "~1";
        else
            at_ += c;
    }
}

void Reader::fault(std::string code, std::string es, std::string en)
{
    if (faults.size() < max_list_items)
        faults.push_back({at_, std::move(code), {std::move(es), std::move(en)}});
}

void Reader::missing()
{
    fault("required", "es obligatorio", "is required");
}

void Reader::unknown()
{
    fault("unknown_field", "no es un campo conocido", "is not a known field");
}

void Reader::not_one_of(std::string_view names)
{
    fault("not_one_of", fmt::format("debe ser uno de: {}", names), fmt::format("must be one of: {}", names));
}

void Reader::bad_format(const Spelling& format)
{
    fault("bad_format", fmt::format("debe ser {}", format.es), fmt::format("must be {}", format.en));
}

void Reader::bad_id(std::string_view prefix)
{
    fault("bad_format", fmt::format("debe ser un identificador, como {}01J…", prefix),
          fmt::format("must be an id, as {}01J…", prefix));
}

bool Reader::text(const Value& value, std::string& out, std::size_t min, std::size_t max)
{
    const std::string* text = value.if_string();
    if (!text) {
        fault("wrong_type", "debe ser un texto", "must be a string");
        return false;
    }
    const auto length = count_code_points(*text);
    if (length < min || length > max) {
        fault(length < min ? "too_short" : "too_long",
              fmt::format("debe tener de {} a {} caracteres, tiene {}", min, max, length),
              fmt::format("must have {} to {} characters, has {}", min, max, length));
        return false;
    }
    if (std::ranges::any_of(*text, is_control) || (source == Source::text && !is_utf8(*text))) {
        fault("bad_characters", "contiene caracteres de control o no es UTF-8",
              "has control characters or is not UTF-8");
        return false;
    }
    if (min > 0 && std::ranges::all_of(*text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; })) {
        fault("blank", "no puede estar en blanco", "must not be blank");
        return false;
    }
    out = *text;
    return true;
}

void Reader::whole(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max)
{
    const Number* number = value.if_number();
    std::optional<Number> spelled;
    if (source == Source::text && value.if_string()) {
        spelled = Number::parse(*value.if_string());
        number = spelled ? &*spelled : nullptr;
    }
    if (!number || number->text().contains('.'))
        return fault("wrong_type", "debe ser un número entero", "must be a whole number");
    const auto whole = number->to_int();
    if (!whole || *whole < min || *whole > max)
        return fault("out_of_range", fmt::format("debe estar entre {} y {}, es {}", min, max, number->text()),
                     fmt::format("must be {} to {}, is {}", min, max, number->text()));
    out = *whole;
}

void Reader::boolean(const Value& value, bool& out)
{
    if (const bool* b = value.if_bool())
        out = *b;
    else if (const auto* text = value.if_string();
             source == Source::text && text && (*text == "true" || *text == "false"))
        out = *text == "true";
    else
        fault("wrong_type", "debe ser true o false", "must be true or false");
}

void Reader::hundredths(const Value& value, std::int64_t& out, std::int64_t min, std::int64_t max)
{
    const Number* number = value.if_number();
    std::optional<Number> spelled;
    if (source == Source::text && value.if_string()) {
        spelled = Number::parse(*value.if_string());
        number = spelled ? &*spelled : nullptr;
    }
    if (!number)
        return fault("wrong_type", "debe ser un número con dos decimales como máximo",
                     "must be a number with at most two decimals");
    const auto amount = number->to_hundredths();
    if (!amount && number->text().contains('.'))
        return fault("too_many_decimals", "debe tener dos decimales como máximo", "must have at most two decimals");
    if (!amount || *amount < min || *amount > max)
        return fault(
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
        return fault("bad_format", "debe ser una fecha y hora RFC 3339, por ejemplo 2026-01-31T09:30:00Z",
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
        fault("wrong_type", "debe ser una lista", "must be an array");
        return nullptr;
    }
    if (list->size() > max_list_items) {
        fault("too_many", fmt::format("debe tener {} elementos como máximo, tiene {}", max_list_items, list->size()),
              fmt::format("must have at most {} elements, has {}", max_list_items, list->size()));
        return nullptr;
    }
    return list;
}

const Map* Reader::members(const Value& value)
{
    const Map* map = value.if_map();
    if (!map)
        fault("wrong_type", "debe ser un objeto", "must be an object");
    return map;
}

} // namespace estante::codec
