#include "adapters/catalogues/library_of_congress.hpp"

#include <algorithm>
#include <iterator>

namespace estante::catalogues {

namespace {

struct ClassHeading {
    std::string_view letters;
    std::string_view es;
    std::string_view en;
};

// PQ is French, Italian, Spanish and Portuguese literature; PT the literatures of German, Dutch and the north.
constexpr ClassHeading headings[] = {
    {"A", "Obras generales", "General works"},
    {"B", "Filosofía, psicología y religión", "Philosophy, psychology and religion"},
    {"C", "Ciencias auxiliares de la historia", "Auxiliary sciences of history"},
    {"D", "Historia universal", "World history"},
    {"E", "Historia de América", "History of the Americas"},
    {"F", "Historia de América", "History of the Americas"},
    {"G", "Geografía, antropología y ocio", "Geography, anthropology and recreation"},
    {"H", "Ciencias sociales", "Social sciences"},
    {"J", "Ciencias políticas", "Political science"},
    {"K", "Derecho", "Law"},
    {"L", "Educación", "Education"},
    {"M", "Música", "Music"},
    {"N", "Bellas artes", "Fine arts"},
    {"P", "Filología y lingüística", "Philology and linguistics"},
    {"PA", "Lengua y literatura griegas y latinas", "Greek and Latin language and literature"},
    {"PB", "Lenguas celtas", "Celtic languages"},
    {"PC", "Lenguas románicas", "Romance languages"},
    {"PD", "Lenguas germánicas y escandinavas", "Germanic and Scandinavian languages"},
    {"PE", "Lengua inglesa", "English language"},
    {"PF", "Lenguas germánicas occidentales", "West Germanic languages"},
    {"PG", "Literaturas eslavas y bálticas", "Slavic and Baltic literatures"},
    {"PH", "Lenguas urálicas y euskera", "Uralic and Basque languages"},
    {"PJ", "Lenguas y literaturas orientales", "Oriental languages and literatures"},
    {"PK", "Lenguas y literaturas indoiranias", "Indo-Iranian languages and literatures"},
    {"PL", "Lenguas y literaturas de Asia oriental, África y Oceanía",
     "Languages and literatures of eastern Asia, Africa and Oceania"},
    {"PM", "Lenguas indígenas de América y artificiales", "Native American and artificial languages"},
    {"PN", "Literatura general", "Literature (general)"},
    {"PQ", "Literaturas románicas", "Romance literatures"},
    {"PR", "Literatura inglesa", "English literature"},
    {"PS", "Literatura estadounidense", "American literature"},
    {"PT", "Literaturas germánicas", "Germanic literatures"},
    {"PZ", "Ficción y literatura juvenil", "Fiction and juvenile literature"},
    {"Q", "Ciencia", "Science"},
    {"R", "Medicina", "Medicine"},
    {"S", "Agricultura", "Agriculture"},
    {"T", "Tecnología", "Technology"},
    {"U", "Ciencia militar", "Military science"},
    {"V", "Ciencia naval", "Naval science"},
    {"Z", "Bibliografía y bibliotecas", "Bibliography and library science"},
};
static_assert(std::ranges::is_sorted(headings, {}, &ClassHeading::letters));

} // namespace

std::optional<std::string_view> class_heading(std::string_view call_number, std::string_view language)
{
    const auto heading_of = [&](std::string_view letters) -> std::optional<std::string_view> {
        const auto* found = std::ranges::lower_bound(headings, letters, {}, &ClassHeading::letters);
        if (letters.empty() || found == std::end(headings) || found->letters != letters)
            return std::nullopt;
        return language == "es" ? found->es : found->en;
    };
    if (const auto subclass = heading_of(call_number.substr(0, 2)))
        return subclass;
    return heading_of(call_number.substr(0, 1));
}

} // namespace estante::catalogues
