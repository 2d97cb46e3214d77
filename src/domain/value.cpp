#include "domain/value.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace estante {

namespace {

constexpr int max_digits = 38;
constexpr int max_exponent = 125; // of the first significant digit
constexpr int min_exponent = -130;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct Decimal {
    bool negative = false;
    std::string digits; // no leading or trailing zeros; empty is zero
    int scale = 0;      // value = 0.digits · 10^scale
};

// Requires canonical text.
Decimal parse_canonical(std::string_view text)
{
    Decimal d;
    if (text.starts_with('-')) {
        d.negative = true;
        text.remove_prefix(1);
    }
    const auto point = text.find('.');
    d.digits = text.substr(0, point);
    d.scale = static_cast<int>(d.digits.size());
    if (point != text.npos)
        d.digits += text.substr(point + 1);
    const auto first = std::min(d.digits.find_first_not_of('0'), d.digits.size());
    d.digits.erase(0, first);
    d.scale -= static_cast<int>(first);
    d.digits.erase(d.digits.find_last_not_of('0') + 1);
    return d;
}

std::optional<std::string> canonical_text(Decimal d)
{
    const auto first = std::min(d.digits.find_first_not_of('0'), d.digits.size());
    d.digits.erase(0, first);
    d.scale -= static_cast<int>(first);
    d.digits.erase(d.digits.find_last_not_of('0') + 1);
    if (d.digits.empty())
        return "0";
    if (d.digits.size() > max_digits || d.scale - 1 > max_exponent || d.scale - 1 < min_exponent)
        return std::nullopt;
    std::string text = d.negative ? "-" : "";
    const int size = static_cast<int>(d.digits.size());
    if (d.scale <= 0)
        text.append("0.").append(-d.scale, '0').append(d.digits);
    else if (d.scale >= size)
        text.append(d.digits).append(d.scale - size, '0');
    else
        text.append(d.digits, 0, d.scale).append(".").append(d.digits, d.scale);
    return text;
}

} // namespace

std::optional<Number> Number::parse(std::string_view text)
{
    Decimal d;
    std::size_t at = 0;
    if (text.starts_with('-')) {
        d.negative = true;
        ++at;
    }
    const auto whole_from = at;
    while (at < text.size() && is_digit(text[at]))
        ++at;
    const auto whole = text.substr(whole_from, at - whole_from);
    if (whole.empty() || (whole.size() > 1 && whole[0] == '0'))
        return std::nullopt;
    d.digits = whole;
    constexpr std::size_t beyond_any_exponent = 1'000'000; // exponents are at most 1000 below
    d.scale = static_cast<int>(std::min(whole.size(), beyond_any_exponent));
    if (at < text.size() && text[at] == '.') {
        const auto from = ++at;
        while (at < text.size() && is_digit(text[at]))
            ++at;
        if (at == from)
            return std::nullopt;
        d.digits += text.substr(from, at - from);
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        const bool down = at < text.size() && text[at] == '-';
        if (at < text.size() && (text[at] == '-' || text[at] == '+'))
            ++at;
        int exponent = 0;
        const auto end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data() + at, end, exponent);
        if (at == text.size() || !is_digit(text[at]) || rest != end || error != std::errc{} || exponent > 1000)
            return std::nullopt;
        d.scale += down ? -exponent : exponent;
        at = text.size();
    }
    if (at != text.size())
        return std::nullopt;
    auto canonical = canonical_text(std::move(d));
    if (!canonical)
        return std::nullopt;
    Number number;
    number.text_ = std::move(*canonical);
    return number;
}

Number Number::hundredths(std::int64_t cents)
{
    const auto magnitude = cents < 0 ? -static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
    Number number;
    number.text_ = fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", magnitude / 100, magnitude % 100);
    if (number.text_.ends_with(".00"))
        number.text_.resize(number.text_.size() - 3);
    else if (number.text_.ends_with('0'))
        number.text_.pop_back();
    return number;
}

Number Number::rounded(double value, int decimals)
{
    return parse(fmt::format("{:.{}f}", value, decimals)).value_or(Number());
}

std::optional<std::int64_t> Number::to_int() const
{
    std::int64_t value = 0;
    const auto end = text_.data() + text_.size();
    const auto [rest, error] = std::from_chars(text_.data(), end, value);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> Number::to_hundredths() const
{
    const auto point = text_.find('.');
    if (point != text_.npos && text_.size() - point > 3)
        return std::nullopt;
    std::string shifted = text_.substr(0, point);
    shifted += point == text_.npos ? "00" : text_.substr(point + 1) + (text_.size() - point == 2 ? "0" : "");
    std::int64_t value = 0;
    const auto end = shifted.data() + shifted.size();
    const auto [rest, error] = std::from_chars(shifted.data(), end, value);
    if (error != std::errc{} || rest != end)
        return std::nullopt;
    return value;
}

double Number::to_double() const
{
    double value = 0;
    std::from_chars(text_.data(), text_.data() + text_.size(), value);
    return value;
}

std::strong_ordering Number::operator<=>(const Number& other) const
{
    const auto left = parse_canonical(text_);
    const auto right = parse_canonical(other.text_);
    const auto sign = [](const Decimal& d) { return d.digits.empty() ? 0 : d.negative ? -1 : 1; };
    if (const auto order = sign(left) <=> sign(right); order != 0)
        return order;
    auto order = left.scale <=> right.scale;
    if (sign(left) == 0)
        return std::strong_ordering::equal;
    if (order == 0)
        order = left.digits <=> right.digits;
    return left.negative ? 0 <=> order : order;
}

std::optional<Number> Number::plus(const Number& other) const
{
    using boost::multiprecision::cpp_int;
    const auto left = parse_canonical(text_);
    const auto right = parse_canonical(other.text_);
    const int decimals = std::max(
        {static_cast<int>(left.digits.size()) - left.scale, static_cast<int>(right.digits.size()) - right.scale, 0});
    const auto scaled = [decimals](const Decimal& d) {
        std::string digits = d.digits + std::string(decimals + d.scale - static_cast<int>(d.digits.size()), '0');
        const cpp_int magnitude(
            digits.empty() ? "0" : digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1)));
        return d.negative ? cpp_int(-magnitude) : magnitude;
    };
    const cpp_int sum =
        (left.digits.empty() ? cpp_int(0) : scaled(left)) + (right.digits.empty() ? cpp_int(0) : scaled(right));
    Decimal d;
    d.negative = sum < 0;
    d.digits = (d.negative ? cpp_int(-sum) : sum).str();
    d.scale = static_cast<int>(d.digits.size()) - decimals;
    auto canonical = canonical_text(std::move(d));
    if (!canonical)
        return std::nullopt;
    Number number;
    number.text_ = std::move(*canonical);
    return number;
}

const Value* find(const Map& map, std::string_view name)
{
    const auto found = map.find(name);
    return found == map.end() ? nullptr : &found->second;
}

std::string_view text_of(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    const std::string* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

std::int64_t int_of(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    const Number* number = value ? value->if_number() : nullptr;
    return number ? number->to_int().value_or(0) : 0;
}

} // namespace estante
