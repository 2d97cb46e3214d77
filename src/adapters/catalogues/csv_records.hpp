// Reads the records of a CSV file (RFC 4180) and continues after an invalid one.
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
    std::size_t line = 0;            // its first line
    std::vector<std::string> fields; // unquoted fields are trimmed
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

    // The next record that is not blank. Invalid are: a quote inside an unquoted field or not at the end of a quoted
    // field, a quote that is never closed, more than max_row_bytes. Reading then continues at the line after the first
    // line of the record, since the lines that an open quote swallowed are most likely valid.
    std::optional<std::expected<CsvRecord, BrokenRecord>> next();

private:
    Lines& lines_;
    char delimiter_;
    csv_parser parser_{};
    std::vector<std::string> fields_;
    bool complete_ = false;

    void reset();
    bool feed(const std::string& text);
    BrokenRecord reject_record(std::vector<Line> lines, Phrase reason);
};

// The likely delimiter: the most frequent of comma, semicolon and tab outside quotes.
char guess_delimiter(std::string_view header_line);

} // namespace estante::catalogues
