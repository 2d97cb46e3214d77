// The rows of a catalogue that a shop imports, whatever file they come from.
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
    std::size_t row = 0;     // its place in the file: the first record is 1, a heading line is not counted
    BookEntry entry{};       // all limits hold; only the category may be empty, where the file names none
    std::string source{};    // where the row is from: "gutenberg", "goodbooks10k", "shop" (the shop's own lists)
    std::string source_id{}; // what the source calls the book, at most 200 bytes; empty if it gives no id
    std::optional<Money> price{};
    std::optional<std::int64_t> on_hand{}; // 0 to Stock::max_on_hand
};

// A row that cannot become a book, and why.
struct RowRefusal {
    std::size_t row = 0;
    std::string subject{}; // what a person knows the row by: its title or id, at most 200 bytes; may be empty
    Phrase reason{};

    bool operator==(const RowRefusal&) const = default;
};

struct EndOfRows {};

using CatalogueRecord = std::variant<CatalogueRow, RowRefusal, EndOfRows>;

class CatalogueRows {
public:
    virtual ~CatalogueRows() = default;

    // The next record; EndOfRows again and again after the last. It reads a file and so may block: an import runs on a
    // thread of its own. A file that cannot be read on throws std::system_error.
    virtual CatalogueRecord next() = 0;
};

} // namespace estante
