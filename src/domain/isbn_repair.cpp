#include "domain/isbn_repair.hpp"

#include "domain/value.hpp"
#include "domain/white_space.hpp"

#include <algorithm>
#include <string>

namespace estante {

namespace {

// Spreadsheets and data frames write a whole number as "195170342.0" if its column has empty cells.
std::string plain_cell(std::string_view cell)
{
    std::string text = collapse_white_space(cell);
    if (text.ends_with(".0") && text.find('.') == text.size() - 2)
        text.resize(text.size() - 2);
    return text;
}

struct RepairedIsbn10 {
    std::optional<Isbn> isbn;
    bool zeros_padded = false;
};

RepairedIsbn10 read_isbn10(std::string text)
{
    constexpr std::size_t min_digits = 6; // one in eleven shorter numbers would pass the check digit
    if (auto isbn = Isbn::parse(text))
        return {std::move(isbn)};
    const bool digits = std::ranges::all_of(
        text, [&](const char& c) { return (c >= '0' && c <= '9') || (&c == &text.back() && (c == 'X' || c == 'x')); });
    if (!digits || text.size() < min_digits || text.size() >= 10)
        return {};
    text.insert(0, 10 - text.size(), '0');
    return {Isbn::parse(text), true};
}

// Whether the ISBN, rounded to the digits of the float notation, equals it.
bool is_rounded_to(std::string_view float_notation, const Isbn& isbn)
{
    const auto mantissa_end = float_notation.find_first_of("eE");
    const auto point = float_notation.find('.');
    const auto shown = Number::parse(float_notation);
    if (!shown || mantissa_end == float_notation.npos)
        return false;
    const auto decimals = point == float_notation.npos ? 0 : mantissa_end - point - 1;
    const auto lost = 12 - static_cast<std::int64_t>(decimals); // digits of a 13-digit number that are not shown
    if (lost < 0)
        return false;
    std::string half = "5";
    half.append(static_cast<std::size_t>(std::max<std::int64_t>(lost - 1, 0)), '0');
    const Number tolerance = *Number::parse(lost == 0 ? "0" : half);
    const Number whole = *Number::parse(isbn.value);
    const auto above = shown->plus(tolerance);
    const auto beside = whole.plus(tolerance);
    return above && beside && whole <= *above && *shown <= *beside;
}

} // namespace

bool is_float_notation(std::string_view cell)
{
    const std::string text = collapse_white_space(cell);
    return text.find_first_of("eE") != text.npos && Number::parse(text).has_value();
}

std::optional<IsbnRepair> repair_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell)
{
    const std::string thirteen = plain_cell(isbn13_cell);
    const RepairedIsbn10 ten = read_isbn10(plain_cell(isbn10_cell));
    if (auto isbn = Isbn::parse(thirteen)) {
        const auto kind = ten.isbn && *ten.isbn != *isbn ? IsbnRepairKind::isbn13_kept : IsbnRepairKind::nothing;
        return IsbnRepair{std::move(*isbn), kind};
    }
    if (!ten.isbn) {
        // The ISBN-13 column may hold an ISBN-10 that lost its zeros. Complete ones were read above.
        RepairedIsbn10 misplaced = read_isbn10(thirteen);
        if (!misplaced.isbn)
            return std::nullopt;
        return IsbnRepair{std::move(*misplaced.isbn), IsbnRepairKind::isbn10_only, misplaced.zeros_padded};
    }
    auto kind = IsbnRepairKind::isbn13_unusable;
    if (thirteen.empty())
        kind = IsbnRepairKind::isbn10_only;
    else if (is_float_notation(thirteen))
        kind = is_rounded_to(thirteen, *ten.isbn) ? IsbnRepairKind::float_restored : IsbnRepairKind::isbn10_kept;
    return IsbnRepair{*ten.isbn, kind, ten.zeros_padded};
}

} // namespace estante
