// Reads the catalogue files that a shop may import: CSV and NDJSON in UTF-8, plain or gzip (recognized by its magic
// bytes). The header line determines the kind of file; README.md of this folder describes each.
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
    isbn_restored,     // lost digits or zeros were restored
    isbn_conflict,     // the cells of ISBN-13 and ISBN-10 differ; one was used
    isbn_left_out,     // cannot be restored
    language_left_out, // no ISO 639-1 code
    subjects_cut,      // only the first BookEntry::max_subjects are kept
    title_shortened,   // to the main title; the full title is in the description
};

// What a reader changed in a row, apart from spacing, to make it a valid book entry.
struct Repair {
    RepairKind kind;
    Phrase note;

    bool operator==(const Repair&) const = default;
};

struct Row : CatalogueRow {
    std::size_t line = 0; // of the file, where the row begins; counted from 1, with the header line and blank lines
    std::vector<Repair> repairs;
};

struct RefusedRow : RowRefusal {
    std::size_t line = 0;
    std::string excerpt; // of the raw text: at most 200 characters, no line breaks, no invalid bytes
};

struct ReaderOptions {
    std::string category = "Unclassified";    // of rows without one; at most 100 characters
    std::string_view heading_language = "en"; // "es" or "en": for categories made from Library of Congress classes
    std::string_view language = "";           // ISO 639-1: preferred for a work in several languages
};

// Reads one row after the other. Memory is bounded by the longest row (1 MiB; longer rows are refused). Not
// thread-safe.
class CatalogueReader : public CatalogueRows {
public:
    using Next = std::optional<std::expected<Row, RefusedRow>>;

    // The next row, or why it is refused; nothing after the last. A refused row ends at the end of its line, or where
    // its quotes close. A damaged gzip stream ends the rows with a refusal. Throws std::system_error if reading the
    // file fails.
    virtual Next read() = 0;
    virtual std::uint64_t consumed_bytes() const = 0;             // of the stored file, in steps of up to 64 KiB
    virtual std::optional<std::uint64_t> total_bytes() const = 0; // nothing if the size is unknown

    CatalogueRecord next() final;
};

// Errors: invalid (not a known kind of catalogue, or empty; the text says what is wrong and what is expected).
Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(std::unique_ptr<ByteSource> source,
                                                                 ReaderOptions options = {});
// Also: not_found (no such file, or it cannot be read).
Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(const std::string& path, ReaderOptions options = {});

} // namespace estante::catalogues
