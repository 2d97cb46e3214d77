#include "domain/isbn.hpp"

#include "domain/isbn_ranges.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace estante {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void trim(std::string_view& text)
{
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
}

// "ISBN", "isbn:", "ISBN-13:", "ISBN-10 " …
void drop_label(std::string_view& text)
{
    constexpr std::string_view label = "ISBN";
    if (text.size() < label.size() ||
        !std::ranges::equal(text.substr(0, label.size()), label, {}, [](char c) { return c & ~0x20; }))
        return;
    text.remove_prefix(label.size());
    for (const std::string_view form : {"-13", "-10"}) {
        if (text.starts_with(form) && text.size() > form.size() && (text[3] == ':' || is_space(text[3])))
            text.remove_prefix(form.size());
    }
    if (text.starts_with(':'))
        text.remove_prefix(1);
    trim(text);
}

// The length in bytes of a hyphen or space between digits: ASCII, U+00A0, U+2010 to U+2015.
std::size_t separator(std::string_view text)
{
    if (text[0] == '-' || text[0] == ' ')
        return 1;
    if (text.starts_with("\xC2\xA0"))
        return 2;
    if (text.starts_with("\xE2\x80") && text.size() > 2 && text[2] >= '\x90' && text[2] <= '\x95')
        return 3;
    return 0;
}

// The digits and a final X; empty if the text does not have the form of an ISBN.
std::string bare_digits(std::string_view text)
{
    trim(text);
    drop_label(text);
    if (text.empty() || !is_digit(text.front()))
        return {};
    std::string digits;
    bool after_separator = false;
    while (!text.empty()) {
        const auto between = separator(text);
        if (between > 0) {
            if (after_separator)
                return {};
            text.remove_prefix(between);
        } else if (is_digit(text.front()) || text == "X" || text == "x") {
            digits += is_digit(text.front()) ? text.front() : 'X';
            text.remove_prefix(1);
        } else {
            return {};
        }
        after_separator = between > 0;
    }
    if (after_separator)
        return {};
    return digits;
}

char check13(std::string_view first12)
{
    int sum = 0;
    for (std::size_t i = 0; i < 12; ++i)
        sum += (first12[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

char check10(std::string_view first9)
{
    int sum = 0;
    for (int i = 0; i < 9; ++i)
        sum += (first9[i] - '0') * (10 - i);
    const int check = (11 - sum % 11) % 11;
    return check == 10 ? 'X' : static_cast<char>('0' + check);
}

} // namespace

std::optional<Isbn> Isbn::parse(std::string_view text)
{
    std::string digits = bare_digits(text);
    if (digits.size() == 10 && check10(digits) == digits.back()) {
        digits = "978" + digits.substr(0, 9);
        digits += check13(digits);
        return Isbn{std::move(digits)};
    }
    // 979-0 numbers printed music (ISMN, ISO 10957), not books.
    const bool book = digits.starts_with("978") || (digits.starts_with("979") && !digits.starts_with("9790"));
    if (digits.size() != 13 || !book || check13(digits) != digits.back())
        return std::nullopt;
    return Isbn{std::move(digits)};
}

std::optional<std::string> Isbn::isbn10() const
{
    if (!value.starts_with("978"))
        return std::nullopt;
    std::string ten = value.substr(3, 9);
    ten += check10(ten);
    return ten;
}

std::string Isbn::hyphenated() const
{
    std::uint64_t number = 0;
    for (const char c : std::string_view(value).substr(0, 12))
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    const auto* after = std::ranges::upper_bound(isbn_ranges, number, {}, &IsbnRange::first);
    if (after == std::begin(isbn_ranges) || std::prev(after)->last < number)
        return value;
    const IsbnRange& range = *std::prev(after);
    std::string text = value;
    std::size_t at = 3;
    for (const std::size_t digits :
         {std::size_t(0), std::size_t(range.group_digits), std::size_t(range.registrant_digits)}) {
        at += digits;
        text.insert(at++, 1, '-');
    }
    return text.insert(text.size() - 1, 1, '-');
}

} // namespace estante
