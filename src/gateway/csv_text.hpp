// Cells of CSV (RFC 4180).
#pragma once

#include <string>
#include <string_view>

namespace estante {

// Appends a text as one cell, quoted where it must be. One that a spreadsheet would take for a formula (it begins with
// = + - @, a tab or a carriage return) gets an apostrophe before it:
// https://owasp.org/www-community/attacks/CSV_Injection
void add_csv_cell(std::string& out, std::string_view text);

} // namespace estante
