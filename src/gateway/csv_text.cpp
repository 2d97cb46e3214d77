#include "gateway/csv_text.hpp"

#include <csv.h>

#include <stdexcept>

namespace estante {

void add_csv_cell(std::string& out, std::string_view text)
{
    constexpr std::string_view begins_formula = "=+-@\t\r";
    const std::string safe = (!text.empty() && begins_formula.contains(text[0]) ? "'" : "") + std::string(text);
    const auto begin = out.size();
    out.resize(begin + csv_write(nullptr, 0, safe.data(), safe.size()));
    if (csv_write(out.data() + begin, out.size() - begin, safe.data(), safe.size()) != out.size() - begin)
        throw std::logic_error("libcsv wrote a cell of another size than it said");
}

} // namespace estante
