// Cells of CSV files (RFC 4180).
#pragma once

#include <string>
#include <string_view>

namespace estante {

// Appends a text as one quoted cell. A text that a spreadsheet would evaluate as a formula (it begins with = + - @, a
// tab or a carriage return) is prefixed with an apostrophe: https://owasp.org/www-community/attacks/CSV_Injection
void add_csv_cell(std::string& out, std::string_view text);

} // namespace estante
