// The records of a CSV file (RFC 4180), which go on after a broken one.
#pragma once

#include "adapters/catalogues/lines.hpp"
#include "domain/result.hpp"

#include <csv.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace estante::catalogues {

struct CsvRecord {
    std::size_t line = 0;            // where it begins
    std::vector<std::string> fields; // unquoted ones without blanks at their ends
    std::string raw;
};

struct BrokenRecord {
    std::size_t line = 0;
    std::string raw;
    Phrase reason;
};

class CsvRecords {
public:
    CsvRecords(Lines& lines, char delimiter);
    ~CsvRecords();
    CsvRecords(const CsvRecords&) = delete;
    CsvRecords& operator=(const CsvRecords&) = delete;

    // The next record that is not blank. Broken are: a quote inside an unquoted field or not at a quoted field's end, a
    // quote never closed, more than max_row_bytes. Reading then goes on at the line after the one where the record
    // began, since the lines that an open quote swallowed are most likely good ones.
    std::optional<std::expected<CsvRecord, BrokenRecord>> next();

private:
    Lines& lines_;
    char delimiter_;
    csv_parser parser_{};
    std::vector<std::string> fields_;
    bool complete_ = false;

    void reset();
    bool feed(const std::string& text);
    BrokenRecord give_up(std::vector<Line> lines, Phrase reason);
};

// The likely delimiter of a heading line: the most frequent of comma, semicolon and tabulator outside quotes.
char delimiter_of(std::string_view heading_line);

} // namespace estante::catalogues
