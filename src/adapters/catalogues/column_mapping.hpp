// The meaning of the columns of each known CSV file.
#pragma once

#include "adapters/catalogues/book_row.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace estante::catalogues {

// The cells of a row by the names in the header line.
class Cells {
public:
    Cells(const std::vector<std::string>& names, std::span<const std::string> fields) : names_(names), fields_(fields)
    {
    }

    // Empty for a column that the file does not have.
    std::string_view operator[](std::string_view name) const
    {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i] == name)
                return fields_[i];
        }
        return {};
    }

private:
    const std::vector<std::string>& names_;
    std::span<const std::string> fields_;
};

class ColumnMapping {
public:
    virtual ~ColumnMapping() = default;
    // The members of the row, or why it cannot become a book.
    virtual std::expected<Draft, Phrase> draft(const Cells& cells) const = 0;
};

// Column names come from the file, trimmed and in lower case. nullptr if they belong to another kind of file.
std::unique_ptr<ColumnMapping> goodbooks_mapping(const std::vector<std::string>& columns);
std::unique_ptr<ColumnMapping> gutenberg_mapping(const std::vector<std::string>& columns, const ReaderOptions& options);
// A shop's own file: any file with a title column. Errors: invalid (an unknown column, or one that comes twice).
Result<std::unique_ptr<ColumnMapping>> shop_mapping(const std::vector<std::string>& columns);

} // namespace estante::catalogues
