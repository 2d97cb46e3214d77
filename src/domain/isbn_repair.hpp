// Repairs ISBNs that a spreadsheet has damaged: `9.78043902348e+12` for 9780439023481, `439023483` for 0439023483.
#pragma once

#include "domain/isbn.hpp"

#include <optional>
#include <string_view>

namespace estante {

enum class IsbnRepairKind {
    nothing,         // the ISBN-13 is valid; the ISBN-10 is the same or absent
    float_restored,  // the ISBN-13 lost digits to float notation; the ISBN-10 agrees with the remaining ones
    isbn10_only,     // there is no ISBN-13
    isbn13_unusable, // the ISBN-13 cell is not an ISBN; the ISBN-10 is used
    isbn13_kept,     // both are valid and differ: the ISBN-13 is the number in force since 2007 (ISO 2108)
    isbn10_kept,     // the float notation is of another number: only the ISBN-10 is complete and has a check digit
};

struct IsbnRepair {
    Isbn isbn;
    IsbnRepairKind kind = IsbnRepairKind::nothing;
    bool zeros_padded = false; // leading zeros of the ISBN-10 were restored

    bool operator==(const IsbnRepair&) const = default;
};

// The ISBN of a row with two cells, either of which may be empty. Nothing if it would have to be guessed: float
// notation alone lacks digits. An ISBN-10 counts only if its check digit is correct; leading zeros that a spreadsheet
// drops are restored first. The caller reports a failure if one of the cells was not empty.
std::optional<IsbnRepair> repair_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell);

// Whether the cell holds a number in float notation, as spreadsheets write long digits.
bool is_float_notation(std::string_view cell);

} // namespace estante
