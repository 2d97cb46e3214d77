// A shop's own CSV: one column for each member of BookEntry, and `price`, `stock` and `source_id` (see README.md).
#include "adapters/catalogues/column_mapping.hpp"
#include "codec/described.hpp"
#include "domain/isbn_repair.hpp"
#include "domain/language.hpp"
#include "domain/white_space.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace estante::catalogues {

namespace {

constexpr std::array<std::string_view, 17> known_columns{
    "title",       "original_title", "contributors", "publisher", "language", "publication_year",
    "description", "category",       "subjects",     "condition", "rating",   "format",
    "pages",       "isbn",           "price",        "stock",     "source_id"};
// Copied unchanged; the other columns have rules of their own.
constexpr std::array<std::string_view, 11> plain_columns{
    "title",  "original_title", "publisher", "publication_year", "description", "category", "condition",
    "rating", "format",         "pages",     "source_id"};

template <class F> void each_part(std::string_view cell, F&& f)
{
    while (!cell.empty()) {
        const auto end = std::min(cell.find('|'), cell.size());
        if (std::string part = collapse_white_space(cell.substr(0, end)); !part.empty())
            f(std::move(part));
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
}

// "Aurora Bernárdez (translator)"; other words in parentheses belong to the name.
Value contributor_of(std::string part)
{
    const auto open = part.rfind(" (");
    if (open != part.npos && part.ends_with(')')) {
        const std::string role = part.substr(open + 2, part.size() - open - 3);
        if (codec::enumerator<ContributorRole>(role))
            return contributor(part.substr(0, open), role);
    }
    return contributor(std::move(part));
}

// Spreadsheets in many countries write 12,50.
std::string with_decimal_point(std::string_view cell)
{
    std::string text = collapse_white_space(cell);
    const auto comma = text.find(',');
    if (comma != text.npos && text.find_first_of(".,", comma + 1) == text.npos && text.find('.') == text.npos &&
        text.size() - comma <= 3)
        text[comma] = '.';
    return text;
}

class Shop : public ColumnMapping {
public:
    std::expected<Draft, Phrase> draft(const Cells& cells) const override
    {
        Draft draft{.members = {}, .source = "shop", .repairs = {}};
        for (const auto column : plain_columns)
            draft.put(column, cells[column]);
        List contributors;
        each_part(cells["contributors"],
                  [&](std::string part) { contributors.push_back(contributor_of(std::move(part))); });
        draft.put("contributors", std::move(contributors));
        List subjects;
        each_part(cells["subjects"], [&](std::string part) { subjects.emplace_back(std::move(part)); });
        draft.put("subjects", std::move(subjects));
        const std::string code = collapse_white_space(cells["language"]);
        const auto language = to_language_code(code);
        draft.put("language", language ? language->value : code);
        draft.put("price", with_decimal_point(cells["price"]));
        draft.put("on_hand", cells["stock"]);
        const auto isbn = cells["isbn"];
        if (is_float_notation(isbn))
            return std::unexpected(Phrase{
                fmt::format("isbn: una hoja de cálculo le ha quitado cifras ({}); dé a la columna formato de texto",
                            isbn),
                fmt::format("isbn: a spreadsheet has removed digits ({}); format the column as text", isbn)});
        if (repair_isbn(isbn, {}))
            draft.put_isbn(isbn, {});
        else
            draft.put("isbn", isbn); // refused with its reason later, when the members are read
        return draft;
    }
};

} // namespace

Result<std::unique_ptr<ColumnMapping>> shop_mapping(const std::vector<std::string>& columns)
{
    const auto is_known = [](std::string_view name) {
        return std::ranges::find(known_columns, name) != known_columns.end();
    };
    const std::string known = fmt::format("{}", fmt::join(known_columns, ", "));
    if (std::ranges::find(columns, "title") == columns.end())
        return failure(
            Errc::invalid,
            fmt::format("La primera línea no es la cabecera de un catálogo conocido. Hace falta la columna title; "
                        "las demás pueden ser: {}.",
                        known),
            fmt::format("The first line is not the header of a known catalogue. It needs the column title; it may also "
                        "have: {}.",
                        known));
    for (const auto& column : columns) {
        if (!is_known(column))
            return failure(Errc::invalid,
                           fmt::format("La columna «{}» no se conoce. Columnas posibles: {}.", column, known),
                           fmt::format("The column “{}” is unknown. Known columns: {}.", column, known));
        if (std::ranges::count(columns, column) > 1)
            return failure(Errc::invalid, fmt::format("La columna «{}» está repetida.", column),
                           fmt::format("The column “{}” occurs twice.", column));
    }
    return std::make_unique<Shop>();
}

} // namespace estante::catalogues
