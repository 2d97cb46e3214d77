// ISBNs that a spreadsheet has damaged: `9.78043902348e+12` for 9780439023481, `439023483` for 0439023483.
#pragma once

#include "domain/isbn.hpp"

#include <optional>
#include <string_view>

namespace estante {

enum class IsbnRepairKind {
    nothing,         // the ISBN-13 cell held a good ISBN (and the ISBN-10 cell the same, or none)
    float_restored,  // the ISBN-13 had lost digits to float notation; the ISBN-10 agrees with those that are left
    isbn10_only,     // there was no ISBN-13
    isbn13_unusable, // the ISBN-13 cell held something that is no ISBN; the ISBN-10 stands
    isbn13_kept,     // both are good and differ: the ISBN-13 is the number in force since 2007 (ISO 2108)
    isbn10_kept,     // the float notation belongs to another number: only the ISBN-10 is whole and has a check digit
};

struct IsbnRepair {
    Isbn isbn;
    IsbnRepairKind kind = IsbnRepairKind::nothing;
    bool zeros_padded = false; // the ISBN-10 had lost leading zeros

    bool operator==(const IsbnRepair&) const = default;
};

// The ISBN of a row with two cells, either of which may be empty. Nothing if no ISBN can be had without guessing: a
// float notation alone lacks digits, and no other ISBN-10 than one whose check digit holds is believed (leading zeros
// that a spreadsheet drops are put back first). A caller reports that when one of the cells was not empty.
std::optional<IsbnRepair> repair_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell);

// Whether the cell holds a number in float notation, as spreadsheets write long digits.
bool is_float_notation(std::string_view cell);

} // namespace estante
