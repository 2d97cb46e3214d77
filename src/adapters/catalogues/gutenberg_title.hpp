// Titles as Project Gutenberg's catalogue writes them, with traces of the title page and of MARC 21.
#pragma once

#include <string>
#include <string_view>

namespace estante::catalogues {

struct GutenbergTitle {
    std::string whole;  // "Morsamor: peregrinaciones heroicas y lances de amor y fortuna de Miguel de Zuheros …"
    std::string proper; // without the subtitle: "Morsamor"
};

// ` / ` is a line break of the title page, and `: $b ` begins MARC 21's subfield b, remainder of title (field 245):
// both become ": ", or a space after punctuation or a short word that leans on the next ("… fortuna de / Miguel …").
// `; $b` becomes "; " and `= $b` (a parallel title) " = ".
GutenbergTitle gutenberg_title(std::string_view text);

} // namespace estante::catalogues
