// Project Gutenberg's catalogue: the trimmed files of the demonstration (columns gutenberg_id, title, authors,
// language, lcc and perhaps lcsh), and pg_catalog.csv as published
// (https://www.gutenberg.org/ebooks/offline_catalogs.html).
#include "adapters/catalogues/column_mapping.hpp"
#include "adapters/catalogues/gutenberg_title.hpp"
#include "adapters/catalogues/library_of_congress.hpp"
#include "codec/described.hpp"
#include "domain/code_points.hpp"
#include "domain/heading_names.hpp"
#include "domain/language.hpp"
#include "domain/white_space.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::catalogues {

namespace {

struct ColumnNames {
    std::string_view id, title, authors, language, classes, subjects;
};
constexpr ColumnNames trimmed{"gutenberg_id", "title", "authors", "language", "lcc", "lcsh"};
constexpr ColumnNames published{"text#", "title", "authors", "language", "locc", "subjects"};

// Calls f for the parts between the separators, with single spaces; blank parts are left out.
template <class F> void each_part(std::string_view cell, std::string_view separators, F&& f)
{
    while (!cell.empty()) {
        const auto end = std::min(cell.find_first_of(separators), cell.size());
        if (std::string part = collapse_white_space(cell.substr(0, end)); !part.empty())
            f(std::move(part));
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
}

class Gutenberg : public ColumnMapping {
public:
    Gutenberg(const ColumnNames& names, const ReaderOptions& options)
        : names_(names), heading_language_(options.heading_language), preferred_language_(options.language)
    {
    }

    std::expected<Draft, Phrase> draft(const Cells& cells) const override
    {
        if (const auto type = cells["type"]; !type.empty() && type != "Text")
            return std::unexpected(Phrase{fmt::format("La obra es de tipo {}, no Text.", type),
                                          fmt::format("The work is of type {}, not Text.", type)});
        Draft draft{.members = {}, .source = "gutenberg", .repairs = {}};
        draft.put("source_id", cells[names_.id]);
        put_title(draft, cells[names_.title]);
        List contributors;
        for (CreditedName& credited : given_first_names(cells[names_.authors]))
            contributors.push_back(contributor(std::move(credited.name), codec::name_of(credited.role)));
        draft.put("contributors", std::move(contributors));
        put_language(draft, cells[names_.language]);
        if (const auto heading = class_heading(collapse_white_space(cells[names_.classes]), heading_language_))
            draft.put("category", *heading);
        List subjects;
        each_part(cells[names_.subjects], names_.id == published.id ? ";" : "|", [&](std::string subject) {
            if (Value value(std::move(subject)); std::ranges::find(subjects, value) == subjects.end())
                subjects.push_back(std::move(value));
        });
        draft.put("subjects", std::move(subjects));
        draft.put("format", "ebook");
        return draft;
    }

private:
    const ColumnNames& names_;
    std::string heading_language_;
    std::string preferred_language_;

    static void put_title(Draft& draft, std::string_view cell)
    {
        const GutenbergTitle title = gutenberg_title(cell);
        constexpr auto limit = decltype(BookEntry::title)::max;
        if (count_code_points(title.full) <= limit || title.main.empty() || count_code_points(title.main) > limit)
            return draft.put("title", title.full);
        draft.put("title", title.main);
        draft.put("description", title.full);
        draft.add_repair(
            RepairKind::title_shortened,
            fmt::format("El título pasa de {} caracteres: el subtítulo está en la descripción.", limit),
            fmt::format("The title is longer than {} characters: its subtitle is in the description.", limit));
    }

    // "en/es": the shop's language if the work has it, else the first one with a code.
    void put_language(Draft& draft, std::string_view cell) const
    {
        std::string chosen;
        each_part(cell, "/;", [&](const std::string& code) {
            const auto language = to_language_code(code);
            if (language && (chosen.empty() || language->value == preferred_language_))
                chosen = language->value;
        });
        draft.put_language(chosen.empty() ? cell : std::string_view(chosen));
    }
};

bool has_all(const std::vector<std::string>& columns, const ColumnNames& names)
{
    return std::ranges::all_of(
        std::initializer_list{names.id, names.title, names.authors, names.language, names.classes},
        [&](std::string_view name) { return std::ranges::find(columns, name) != columns.end(); });
}

} // namespace

std::unique_ptr<ColumnMapping> gutenberg_mapping(const std::vector<std::string>& columns, const ReaderOptions& options)
{
    for (const ColumnNames* names : {&trimmed, &published}) {
        if (has_all(columns, *names))
            return std::make_unique<Gutenberg>(*names, options);
    }
    return nullptr;
}

} // namespace estante::catalogues
