// A document value, of which items and JSON bodies consist: null, boolean, number, string, list or map.
#pragma once

#include <boost/container/flat_map.hpp>

#include <compare>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace estante {

// An exact decimal number within DynamoDB's range: up to 38 significant digits, 1E-130 to 9.99E125.
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html)
// Stored as canonical decimal text without exponent, leading or trailing zeros, so equal numbers are equal text.
class Number {
public:
    Number() : text_("0") {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Number(T value) : text_(std::to_string(value))
    {
    }
    // Reads a JSON number. Nothing for other text, too many digits or a magnitude outside the range.
    static std::optional<Number> parse(std::string_view text);
    static Number hundredths(std::int64_t cents); // 2999 → 29.99
    // Of a statistical value such as a rating, rounded to the given decimals.
    static Number rounded(double value, int decimals);

    const std::string& text() const { return text_; }
    std::optional<std::int64_t> to_int() const;        // nothing if it has decimals or does not fit
    std::optional<std::int64_t> to_hundredths() const; // nothing if it has more than two decimals or does not fit
    double to_double() const;

    std::strong_ordering operator<=>(const Number& other) const;
    bool operator==(const Number&) const = default;
    // The exact sum; nothing if it is out of range or needs more than 38 digits.
    std::optional<Number> plus(const Number& other) const;

private:
    std::string text_;
};

struct Value;
using List = std::vector<Value>;
using Map = boost::container::flat_map<std::string, Value, std::less<>>;

struct Value {
    using Data = std::variant<std::nullptr_t, bool, Number, std::string, List, Map>;
    Data data = nullptr;

    Value() = default;
    Value(std::nullptr_t) {}
    Value(std::same_as<bool> auto value) : data(value) {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Value(T value) : data(Number(value))
    {
    }
    Value(Number value) : data(std::move(value)) {}
    Value(std::string value) : data(std::move(value)) {}
    Value(std::string_view value) : data(std::string(value)) {}
    Value(const char* value) : data(std::string(value)) {}
    Value(List value) : data(std::move(value)) {}
    Value(Map value) : data(std::move(value)) {}

    bool operator==(const Value&) const = default;

    bool is_null() const { return std::holds_alternative<std::nullptr_t>(data); }
    const bool* if_bool() const { return std::get_if<bool>(&data); }
    const Number* if_number() const { return std::get_if<Number>(&data); }
    const std::string* if_string() const { return std::get_if<std::string>(&data); }
    const List* if_list() const { return std::get_if<List>(&data); }
    const Map* if_map() const { return std::get_if<Map>(&data); }
};

// Members of a map of known shape. A member that is absent or of another type reads as nullptr, "" or 0.
const Value* find(const Map& map, std::string_view name);
std::string_view text_of(const Map& map, std::string_view name);
std::int64_t int_of(const Map& map, std::string_view name);

} // namespace estante
