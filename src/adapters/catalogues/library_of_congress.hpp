// Categories from classes of the Library of Congress Classification.
#pragma once

#include <optional>
#include <string_view>

namespace estante::catalogues {

// The heading, in "es" or else English, of the class that the letters of a call number ("PQ", "E201", "D731") start
// with: the main classes A to Z and the subclasses of P, shortened from the Library of Congress Classification Outline
// (https://www.loc.gov/catdir/cpso/lcco/). Nothing for letters that it does not use (I, O, W, X, Y).
std::optional<std::string_view> class_heading(std::string_view call_number, std::string_view language);

} // namespace estante::catalogues
