// Titles as in Project Gutenberg's catalogue, with traces of the title page and of MARC 21.
#pragma once

#include <string>
#include <string_view>

namespace estante::catalogues {

struct GutenbergTitle {
    std::string full; // "Morsamor: peregrinaciones heroicas y lances de amor y fortuna de Miguel de Zuheros …"
    std::string main; // without the subtitle: "Morsamor"
};

// ` / ` is a line break of the title page, and `: $b ` starts MARC 21's subfield b, remainder of title (field 245):
// both become ": ", or a space after punctuation or after a short word that belongs to the next one ("… fortuna de /
// Miguel …"). `; $b` becomes "; " and `= $b` (a parallel title) " = ".
GutenbergTitle gutenberg_title(std::string_view text);

} // namespace estante::catalogues
