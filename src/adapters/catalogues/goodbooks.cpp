// goodbooks-10k as published (https://github.com/zygmuntz/goodbooks-10k, books.csv).
#include "adapters/catalogues/column_mapping.hpp"
#include "domain/white_space.hpp"

#include <algorithm>
#include <array>

namespace estante::catalogues {

namespace {

// "… (Discworld, #34; City Watch #7)" → "Discworld", "City Watch". The title itself is not changed.
List series_of(std::string_view title)
{
    List series;
    const auto open = title.rfind('(');
    if (open == title.npos || !title.ends_with(')'))
        return series;
    auto rest = title.substr(open + 1, title.size() - open - 2);
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        const auto part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto number = part.find('#');
        if (number == part.npos)
            continue;
        auto name = collapse_white_space(part.substr(0, number));
        while (name.ends_with(',') || name.ends_with(' '))
            name.pop_back();
        if (!name.empty())
            series.emplace_back("Series: " + name);
    }
    return series;
}

class Goodbooks : public ColumnMapping {
public:
    std::expected<Draft, Phrase> draft(const Cells& cells) const override
    {
        Draft draft{.members = {}, .source = "goodbooks10k", .repairs = {}};
        const std::string title = collapse_white_space(cells["title"]);
        draft.put("source_id", cells["book_id"]);
        draft.put("title", title);
        draft.put("original_title", cells["original_title"]);
        draft.put("contributors", authors(cells["authors"]));
        draft.put("publication_year", cells["original_publication_year"]); // "2008.0" counts as a whole number
        draft.put("rating", cells["average_rating"]);
        draft.put("subjects", series_of(title));
        draft.put_language(cells["language_code"]);
        draft.put_isbn(cells["isbn13"], cells["isbn"]);
        return draft;
    }

private:
    // Names have the given name first. Translators and illustrators are among them without a mark.
    static List authors(std::string_view cell)
    {
        List list;
        while (!cell.empty()) {
            const auto end = std::min(cell.find(','), cell.size());
            std::string name = collapse_white_space(cell.substr(0, end));
            cell.remove_prefix(std::min(end + 1, cell.size()));
            const auto same = [&](const Value& other) { return text_of(*other.if_map(), "name") == name; };
            if (!name.empty() && std::ranges::none_of(list, same))
                list.push_back(contributor(std::move(name)));
        }
        return list;
    }
};

} // namespace

std::unique_ptr<ColumnMapping> goodbooks_mapping(const std::vector<std::string>& columns)
{
    constexpr std::array<std::string_view, 9> needed{
        "book_id",        "isbn",  "isbn13",        "authors",       "original_publication_year",
        "original_title", "title", "language_code", "average_rating"};
    if (!std::ranges::all_of(needed,
                             [&](std::string_view name) { return std::ranges::find(columns, name) != columns.end(); }))
        return nullptr;
    return std::make_unique<Goodbooks>();
}

} // namespace estante::catalogues
