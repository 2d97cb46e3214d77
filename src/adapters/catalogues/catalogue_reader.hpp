// Reads the catalogue files that a shop may import: CSV and NDJSON, plain or gzip (by its magic bytes), UTF-8.
// Which file it is, its heading line says; README.md of this folder describes each.
#pragma once

#include "adapters/catalogues/byte_source.hpp"
#include "domain/result.hpp"
#include "ports/catalogue_rows.hpp"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace estante::catalogues {

enum class RepairKind {
    isbn_restored,     // lost digits or zeros are back
    isbn_conflict,     // the cells of ISBN-13 and ISBN-10 differ; one was believed
    isbn_left_out,     // damaged beyond restoring
    language_left_out, // no ISO 639-1 code
    subjects_cut,      // only the first BookEntry::max_subjects are kept
    title_shortened,   // to the title proper; the whole stands in the description
};

// What a reader changed about a row, beyond spacing, so that it is a good book entry.
struct Repair {
    RepairKind kind;
    Phrase note;

    bool operator==(const Repair&) const = default;
};

struct Row : CatalogueRow {
    std::size_t line = 0; // of the file, where the row begins; the first is 1, the heading line and blank lines count
    std::vector<Repair> repairs;
};

struct RefusedRow : RowRefusal {
    std::size_t line = 0;
    std::string excerpt; // of the raw text, at most 200 characters, without line breaks and broken bytes
};

struct ReaderOptions {
    std::string category = "Unclassified";    // of rows that name none, at most 100 characters
    std::string_view heading_language = "en"; // "es" or "en": of categories made from Library of Congress classes
    std::string_view language = "";           // ISO 639-1: of a work in several languages, this one if it is among them
};

// Rows are read one after the other; memory is bounded by the longest row (1 MiB, longer ones are refused). Not for use
// by two threads at once.
class CatalogueReader : public CatalogueRows {
public:
    using Next = std::optional<std::expected<Row, RefusedRow>>;

    // The next row, or why it is refused; nothing after the last. A row that is refused ends where its line ends, or
    // where its quotes close. A damaged gzip stream ends the rows with a refusal. Throws std::system_error as read
    // does.
    virtual Next read() = 0;
    virtual std::uint64_t consumed_bytes() const = 0; // of the file as it is stored, in steps of up to 64 KiB
    virtual std::optional<std::uint64_t> total_bytes() const = 0; // nothing if the source does not know

    CatalogueRecord next() final;
};

// Errors: invalid (no catalogue that is known here: what is wrong and what would be right; also an empty file).
Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(std::unique_ptr<ByteSource> source,
                                                                 ReaderOptions options = {});
// Also: not_found (no such file, or none that may be read).
Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(const std::string& path, ReaderOptions options = {});

} // namespace estante::catalogues
