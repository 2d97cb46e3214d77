// Converts headings of library catalogues to names with the given name first: "Rojas, Fernando de" → "Fernando de
// Rojas".
#pragma once

#include "domain/book.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct CreditedName {
    std::string name; // given name first; may exceed the limits of Contributor
    ContributorRole role = ContributorRole::author;

    bool operator==(const CreditedName&) const = default;
};

// Converts one heading by the rules of AACR2 chapters 22 and 24, which Project Gutenberg follows. Nothing if it has no
// name.
// - Omitted: life dates ("1547-1616", "active 16th century"), fuller forms in parentheses ("John F. (John
//   Fitzgerald)"), and words that only distinguish namesakes ("M.D.", "of Dublin" after a full name).
// - A role in brackets at the end ("[Translator]", "[Illustrator]") becomes the role. A role that ContributorRole lacks
//   becomes `contributor`, "[Compiler]" becomes editor, "[pseud.]" is ignored.
// - "Jr.", "III" and "aîné" follow the name; "Sir", "Mrs." and "Saint" precede it.
// - Nobility: "Tolstoy, Leo, graf" → "Leo Tolstoy"; "Ségur, Sophie, comtesse de" → "Sophie de Ségur". If the given part
//   contains a family name, the title is kept: "Philip Dormer Stanhope, Earl of Chesterfield". Sovereigns keep theirs.
// - Bynames follow a single first name: "Leonardo, da Vinci" → "Leonardo da Vinci".
// - Headings without a comma outside parentheses, and corporate bodies, are not changed.
// A heading does not tell whether a language puts the family name first: "Liu, Shao" becomes "Shao Liu".
std::optional<CreditedName> given_first_name(std::string_view heading);

// The names of a cell whose headings are separated by `;` or `|` outside parentheses and brackets: in order, without
// duplicates.
std::vector<CreditedName> given_first_names(std::string_view cell);

} // namespace estante
