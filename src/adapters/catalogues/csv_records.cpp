#include "adapters/catalogues/csv_records.hpp"

#include <algorithm>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>

namespace estante::catalogues {

namespace {

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t") == text.npos;
}

} // namespace

CsvRecords::CsvRecords(Lines& lines, char delimiter) : lines_(lines), delimiter_(delimiter)
{
    reset();
}

CsvRecords::~CsvRecords()
{
    csv_free(&parser_);
}

void CsvRecords::reset()
{
    csv_free(&parser_);
    if (csv_init(&parser_, CSV_STRICT) != 0)
        throw std::bad_alloc();
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter_));
    fields_.clear();
    complete_ = false;
}

bool CsvRecords::feed(const std::string& text)
{
    const auto field = [](void* data, std::size_t size, void* self) {
        static_cast<CsvRecords*>(self)->fields_.emplace_back(static_cast<const char*>(data), size);
    };
    const auto record = [](int, void* self) { static_cast<CsvRecords*>(self)->complete_ = true; };
    const auto read = csv_parse(&parser_, text.data(), text.size(), field, record, this);
    if (read == text.size())
        return true;
    switch (csv_error(&parser_)) {
    case CSV_EPARSE:
        return false;
    case CSV_ENOMEM:
        throw std::bad_alloc();
    default:
        throw std::runtime_error(std::string("libcsv: ") + csv_strerror(csv_error(&parser_)));
    }
}

BrokenRecord CsvRecords::reject_record(std::vector<Line> lines, Phrase reason)
{
    reset();
    BrokenRecord broken{
        .line = lines.front().number, .raw = std::move(lines.front().text), .reason = std::move(reason)};
    lines.erase(lines.begin());
    lines_.put_back(std::move(lines));
    return broken;
}

std::optional<std::expected<CsvRecord, BrokenRecord>> CsvRecords::next()
{
    std::vector<Line> record_lines;
    std::size_t size = 0;
    while (auto line = lines_.next()) {
        if (record_lines.empty() && is_blank(line->text))
            continue;
        record_lines.push_back(std::move(*line));
        const Line& last = record_lines.back();
        size += last.text.size() + 1;
        if (last.too_long || size > max_row_bytes)
            return std::unexpected(reject_record(std::move(record_lines),
                                                 {"La fila pasa de 1 MiB; quizá falta cerrar unas comillas.",
                                                  "The row is longer than 1 MiB; perhaps a quote is not closed."}));
        if (!feed(last.text) || !feed("\n"))
            return std::unexpected(
                reject_record(std::move(record_lines),
                              {"Unas comillas están fuera de lugar: un campo con comillas va entero entre comillas, y "
                               "las de dentro se escriben dos veces.",
                               "A quote is out of place: quote the whole field and double the quotes inside."}));
        if (!complete_)
            continue;
        CsvRecord record{.line = record_lines.front().number,
                         .fields = std::move(fields_),
                         .raw = std::move(record_lines.front().text)};
        for (auto line = record_lines.begin() + 1; line != record_lines.end(); ++line)
            (record.raw += '\n') += line->text;
        fields_.clear();
        complete_ = false;
        return record;
    }
    if (record_lines.empty())
        return std::nullopt;
    return std::unexpected(
        reject_record(std::move(record_lines), {"Unas comillas no se cierran hasta el final del archivo.",
                                                "A quote is not closed before the end of the file."}));
}

char guess_delimiter(std::string_view header_line)
{
    constexpr std::string_view candidates = ",;\t";
    std::size_t counts[candidates.size()] = {};
    bool quoted = false;
    for (const char c : header_line) {
        quoted = quoted != (c == '"');
        if (const auto at = candidates.find(c); !quoted && at != candidates.npos)
            ++counts[at];
    }
    return candidates[std::ranges::max_element(counts) - std::begin(counts)];
}

} // namespace estante::catalogues
