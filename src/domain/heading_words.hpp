// Classifies the words of a catalogue heading: titles, ranks, particles, dates. Used only by heading_names.cpp.
#pragma once

#include "domain/book.hpp"

#include <optional>
#include <string_view>

namespace estante::heading {

// "1547-1616", "active 16th century", "approximately 5th century B.C.", "jin shi 1053", "19 century".
bool is_dates(std::string_view part);
// "Jr.", "III", "aîné": follows the name.
bool is_suffix(std::string_view part);
// "Sir", "Mrs.", "Saint", "Pope": precedes the name.
bool is_honorific(std::string_view part);
// Starts with a rank: "Earl of", "comtesse de", "graf", "King of England".
bool is_nobility_title(std::string_view part);
// A British peer's rank: such a heading is entered under the title, not the family name.
bool is_peerage(std::string_view part);
// A Spanish, Portuguese or Italian rank, whose "de" or "di" is not part of a family name.
bool is_romance_nobility_title(std::string_view part);
bool is_particle(std::string_view word); // "de", "von", "d'" …
// "of Avila", "da Vinci", "the Elder", "d'Orléans": follows a lone first name.
bool is_byname(std::string_view part);
// A word that occurs only in names of firms: "&", "Co.", "Company" …
bool is_firm(std::string_view word);
// A word of the name of a corporate body: "Society", "library" … (as the only word it is a family name: "Church").
bool is_institution(std::string_view word);
// The role that a bracketed note names: "Translator" → translator; nothing for "pseud.".
std::optional<ContributorRole> role_from_note(std::string_view note);

} // namespace estante::heading
