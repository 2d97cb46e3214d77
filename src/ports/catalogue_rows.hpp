// The rows of a catalogue file that a shop imports, in any format.
#pragma once

#include "domain/book.hpp"
#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace estante {

struct CatalogueRow {
    std::size_t row = 0;     // from 1, without the header line
    BookEntry entry{};       // within all limits; only the category may be empty
    std::string source{};    // "gutenberg", "goodbooks10k", or "shop" for the shop's own lists
    std::string source_id{}; // the id of the book in the source, at most 200 bytes; may be empty
    std::optional<Money> price{};
    std::optional<std::int64_t> on_hand{}; // 0 to Stock::max_on_hand
};

// A row that cannot be imported.
struct RowRefusal {
    std::size_t row = 0;
    std::string subject{}; // the title or id of the row for people, at most 200 bytes; may be empty
    Phrase reason{};

    bool operator==(const RowRefusal&) const = default;
};

struct EndOfRows {};

using CatalogueRecord = std::variant<CatalogueRow, RowRefusal, EndOfRows>;

class CatalogueRows {
public:
    virtual ~CatalogueRows() = default;

    // The next record; EndOfRows after the last, on every further call. It reads a file and may block, so an import
    // runs on its own thread. Throws std::system_error if the file cannot be read.
    virtual CatalogueRecord next() = 0;
};

} // namespace estante
