#include "domain/heading_words.hpp"

#include <algorithm>
#include <array>
#include <ranges>

namespace estante::heading {

namespace {

using namespace std::string_view_literals;

constexpr std::array date_words{"active"sv, "approximately"sv, "born"sv, "died"sv,    "b."sv,    "d."sv,
                                "c."sv,     "ca."sv,           "fl."sv,  "century"sv, "cent."sv, "B.C."sv,
                                "BC"sv,     "BCE"sv,           "A.D."sv, "AD"sv,      "CE"sv,    "or"sv,
                                "jin"sv,    "shi"sv,           "ju"sv,   "ren"sv};
constexpr std::array suffixes{"Jr."sv, "Jr"sv, "Sr."sv, "Sr"sv, "II"sv, "III"sv, "IV"sv, "fils"sv, "aîné"sv};
constexpr std::array honorifics{"Sir"sv,     "Dame"sv,     "Lady"sv,
                                "Lord"sv,    "Mrs."sv,     "Mrs"sv,
                                "Mr."sv,     "Miss"sv,     "Mme"sv,
                                "Mme."sv,    "Mlle"sv,     "Mlle."sv,
                                "Madame"sv,  "Monsieur"sv, "Fru"sv,
                                "Dr."sv,     "Rev."sv,     "Saint"sv,
                                "Pope"sv,    "Brother"sv,  "Sister"sv,
                                "Father"sv,  "Canon"sv,    "Captain"sv,
                                "Colonel"sv, "Queen"sv,    "Don"sv,
                                "Fray"sv,    "Sor"sv,      "père"sv,
                                "abbé"sv,    "swámi"sv,    "lieutenant-colonel"sv,
                                "Hon."sv,    "hanoum"sv,   "bey"sv};
constexpr std::array peerages{"Baron"sv,   "Baroness"sv, "Viscount"sv,    "Viscountess"sv, "Earl"sv,   "Countess"sv,
                              "Marquis"sv, "Marquess"sv, "Marchioness"sv, "Duke"sv,        "Duchess"sv};
constexpr std::array romance_nobility_titles{"conde"sv,    "condesa"sv, "condessa"sv, "marqués"sv,  "marquesa"sv,
                                             "marquês"sv,  "duque"sv,   "duquesa"sv,  "vizconde"sv, "visconde"sv,
                                             "barón"sv,    "barão"sv,   "conte"sv,    "contessa"sv, "marchese"sv,
                                             "marchesa"sv, "duca"sv,    "duchessa"sv, "barone"sv};
constexpr std::array other_nobility_titles{
    "Count"sv,    "Prince"sv,    "Princess"sv,    "King"sv,      "Emperor"sv,   "Empress"sv,  "Margravine"sv,
    "Bishop"sv,   "Patriarch"sv, "baron"sv,       "baronne"sv,   "count"sv,     "countess"sv, "comte"sv,
    "comtesse"sv, "vicomte"sv,   "vicomtesse"sv,  "marquis"sv,   "marquise"sv,  "Marquise"sv, "duc"sv,
    "Duchesse"sv, "duchesse"sv,  "prince"sv,      "princesse"sv, "chevalier"sv, "seigneur"sv, "dame"sv,
    "earl"sv,     "graf"sv,      "Graf"sv,        "grafinia"sv,  "Gräfin"sv,    "Freiherr"sv, "Freifrau"sv,
    "Ritter"sv,   "Fürst"sv,     "Prinz"sv,       "kniaz"sv,     "hrabia"sv,    "hrabe"sv,    "gróf"sv,
    "báró"sv,     "friherre"sv,  "friherrinna"sv, "grevinde"sv,  "Conde"sv,     "Visconde"sv};
constexpr std::array particles{"of"sv,  "de"sv, "d'"sv,  "du"sv,  "des"sv, "di"sv,  "da"sv, "do"sv,  "dos"sv, "das"sv,
                               "del"sv, "la"sv, "von"sv, "van"sv, "der"sv, "den"sv, "zu"sv, "und"sv, "ten"sv, "ter"sv};
constexpr std::array byname_starts{"of"sv,    "de"sv, "du"sv,  "da"sv,  "di"sv,  "del"sv,
                                   "della"sv, "le"sv, "von"sv, "van"sv, "the"sv, "a"sv};
constexpr std::array firm_words{"&"sv, "Co."sv, "Company"sv, "Inc."sv, "Inc"sv, "Ltd."sv, "Ltd"sv, "Corporation"sv};
constexpr std::array institution_words{"association"sv, "bureau"sv,    "church"sv,   "club"sv,      "college"sv,
                                       "commission"sv,  "committee"sv, "congress"sv, "council"sv,   "department"sv,
                                       "institute"sv,   "library"sv,   "museum"sv,   "office"sv,    "press"sv,
                                       "school"sv,      "service"sv,   "society"sv,  "university"sv};

template <std::size_t N> bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word)
{
    return std::ranges::find(words, word) != words.end();
}

std::string_view first_word(std::string_view text)
{
    return text.substr(0, text.find(' '));
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// "1547", "16th", "1820?"
bool is_year_or_ordinal(std::string_view word)
{
    if (word.ends_with('?'))
        word.remove_suffix(1);
    for (const auto ending : {"st"sv, "nd"sv, "rd"sv, "th"sv}) {
        if (word.ends_with(ending))
            word.remove_suffix(ending.size());
    }
    return !word.empty() && word.size() <= 4 && std::ranges::all_of(word, is_digit);
}

std::string_view lower_case_first(std::string_view word, std::array<char, 32>& buffer)
{
    const auto size = std::min(word.size(), buffer.size());
    std::ranges::copy(word.substr(0, size), buffer.begin());
    if (size > 0 && buffer[0] >= 'A' && buffer[0] <= 'Z')
        buffer[0] = static_cast<char>(buffer[0] + 32);
    return {buffer.data(), size};
}

} // namespace

bool is_dates(std::string_view part)
{
    bool any_number = false;
    for (std::size_t from = 0; from <= part.size();) {
        const auto end = std::min(part.find_first_of(" -", from), part.size());
        const auto word = part.substr(from, end - from);
        from = end + 1;
        if (word.empty() || is_one_of(date_words, word))
            continue;
        if (!is_year_or_ordinal(word))
            return false;
        any_number = true;
    }
    return any_number;
}

bool is_suffix(std::string_view part)
{
    return is_one_of(suffixes, part);
}

bool is_honorific(std::string_view part)
{
    return is_one_of(honorifics, part);
}

bool is_peerage(std::string_view part)
{
    return is_one_of(peerages, first_word(part));
}

bool is_romance_nobility_title(std::string_view part)
{
    std::array<char, 32> buffer{};
    return is_one_of(romance_nobility_titles, lower_case_first(first_word(part), buffer));
}

bool is_nobility_title(std::string_view part)
{
    return is_peerage(part) || is_romance_nobility_title(part) || is_one_of(other_nobility_titles, first_word(part)) ||
           part.starts_with("Queen of ");
}

bool is_particle(std::string_view word)
{
    return is_one_of(particles, word);
}

bool is_byname(std::string_view part)
{
    const auto word = first_word(part);
    const bool joined = part.starts_with("d'") || part.starts_with("al-") || part.starts_with("ha-");
    return (joined && part.size() > 3) || (word.size() < part.size() && is_one_of(byname_starts, word));
}

bool is_firm(std::string_view word)
{
    return is_one_of(firm_words, word);
}

bool is_institution(std::string_view word)
{
    std::array<char, 32> buffer{};
    return is_one_of(institution_words, lower_case_first(word, buffer));
}

std::optional<ContributorRole> role_from_note(std::string_view note)
{
    if (note == "pseud." || note == "pseudonym" || note == "Author")
        return std::nullopt;
    if (note == "Translator")
        return ContributorRole::translator;
    if (note == "Editor" || note == "Compiler")
        return ContributorRole::editor;
    if (note == "Illustrator" || note == "Artist" || note == "Photographer" || note == "Engraver")
        return ContributorRole::illustrator;
    if (note == "Narrator")
        return ContributorRole::narrator;
    return ContributorRole::contributor;
}

} // namespace estante::heading
