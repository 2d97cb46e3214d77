// Names of people and bodies as library catalogues head them, turned round: "Rojas, Fernando de" → "Fernando de Rojas".
#pragma once

#include "domain/book.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante {

struct CreditedName {
    std::string name; // given name first; not yet held to the limits of Contributor
    ContributorRole role = ContributorRole::author;

    bool operator==(const CreditedName&) const = default;
};

// One heading by the rules of AACR2 chapters 22 and 24, which Project Gutenberg follows. Nothing if no name is left.
// - Left out: life dates ("1547-1616", "active 16th century"), fuller forms in parentheses ("John F. (John
// Fitzgerald)"),
//   and what only tells namesakes apart ("M.D.", "of Dublin" after a full name).
// - A role in brackets at the end ("[Translator]", "[Illustrator]") becomes the role; one that has no place among
//   ContributorRole becomes `contributor`, "[Compiler]" editor, "[pseud.]" nothing.
// - "Jr.", "III", "aîné" follow the name; "Sir", "Mrs.", "Saint" and the like precede it.
// - Nobility: "Tolstoy, Leo, graf" → "Leo Tolstoy"; "Ségur, Sophie, comtesse de" → "Sophie de Ségur"; where the given
// part
//   holds a family name of its own, the title stays: "Philip Dormer Stanhope, Earl of Chesterfield". Sovereigns keep
//   theirs.
// - Bynames follow a lone first name: "Leonardo, da Vinci" → "Leonardo da Vinci".
// - Headings without a comma (outside parentheses), and firms and bodies with one, stay as they are.
// A heading cannot say whether a language puts the family name first; all are given-first here ("Liu, Shao" → "Shao
// Liu").
std::optional<CreditedName> given_first(std::string_view heading);

// The names of a cell in which `;` or `|` (outside parentheses and brackets) separate headings, in order, none twice.
std::vector<CreditedName> given_first_all(std::string_view cell);

} // namespace estante
