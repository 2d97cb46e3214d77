#include "adapters/catalogues/catalogue_reader.hpp"

#include "adapters/catalogues/column_mapping.hpp"
#include "adapters/catalogues/csv_records.hpp"
#include "codec/json.hpp"
#include "domain/code_points.hpp"
#include "domain/white_space.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::catalogues {

namespace {

constexpr std::size_t max_excerpt = 200;

// Common to both kinds of file: row numbers, refusals, progress.
class FileReader : public CatalogueReader {
public:
    FileReader(std::unique_ptr<Lines> lines, ReaderOptions options)
        : lines_(std::move(lines)), options_(std::move(options))
    {
    }

    std::uint64_t consumed_bytes() const override { return lines_->bytes().consumed_bytes(); }
    std::optional<std::uint64_t> total_bytes() const override { return lines_->bytes().total_bytes(); }

protected:
    Next refuse(std::size_t line, std::string_view raw, std::string subject, Phrase reason)
    {
        RefusedRow refused;
        refused.row = ++rows_;
        refused.line = line;
        refused.subject =
            subject.empty() ? std::string(first_bytes(excerpt(raw, max_excerpt), max_excerpt)) : std::move(subject);
        refused.reason = std::move(reason);
        refused.excerpt = excerpt(raw, max_excerpt);
        return std::unexpected(std::move(refused));
    }
    Next finish(std::size_t line, std::string_view raw, Draft draft, codec::Reader::Source numbers)
    {
        std::string subject = subject_of(draft.members);
        auto row = to_row(std::move(draft), numbers, options_);
        if (!row)
            return refuse(line, raw, std::move(subject), std::move(row.error()));
        row->row = ++rows_;
        row->line = line;
        return std::move(*row);
    }
    Next end()
    {
        if (!lines_->bytes().damaged() || std::exchange(refused_end_, true))
            return std::nullopt;
        return refuse(lines_->last_number(), {}, {},
                      {"Los datos comprimidos están dañados o incompletos a partir de aquí.",
                       "The compressed data is damaged or incomplete from here on."});
    }
    static Phrase not_utf8()
    {
        return {"La fila no es UTF-8; guarde el archivo con esa codificación.",
                "The row is not UTF-8; save the file in that encoding."};
    }

    std::unique_ptr<Lines> lines_;
    ReaderOptions options_;

private:
    std::size_t rows_ = 0;
    bool refused_end_ = false;
};

class CsvReader : public FileReader {
public:
    CsvReader(std::unique_ptr<Lines> lines, ReaderOptions options, std::unique_ptr<CsvRecords> records,
              std::vector<std::string> columns, std::unique_ptr<ColumnMapping> mapping)
        : FileReader(std::move(lines), std::move(options)),
          records_(std::move(records)),
          columns_(std::move(columns)),
          mapping_(std::move(mapping))
    {
    }

    Next read() override
    {
        const auto record = records_->next();
        if (!record)
            return end();
        if (!*record)
            return refuse(record->error().line, record->error().raw, {}, record->error().reason);
        const auto& [line, fields, raw] = **record;
        if (!codec::is_utf8(raw))
            return refuse(line, raw, {}, not_utf8());
        if (fields.size() != columns_.size())
            return refuse(
                line, raw, {},
                {fmt::format("La fila tiene {} columnas y la cabecera {}.", fields.size(), columns_.size()),
                 fmt::format("The row has {} columns and the header line {}.", fields.size(), columns_.size())});
        const Cells cells(columns_, fields);
        auto draft = mapping_->draft(cells);
        if (!draft)
            return refuse(line, raw, std::string(first_bytes(collapse_white_space(cells["title"]), max_excerpt)),
                          std::move(draft.error()));
        return finish(line, raw, std::move(*draft), codec::Reader::Source::text);
    }

private:
    std::unique_ptr<CsvRecords> records_;
    std::vector<std::string> columns_;
    std::unique_ptr<ColumnMapping> mapping_;
};

// A JSON object a line, with the members of create_book's body, `price`, `on_hand` and `source_id`.
class NdjsonReader : public FileReader {
public:
    using FileReader::FileReader;

    Next read() override
    {
        auto line = lines_->next();
        while (line && line->text.find_first_not_of(" \t") == line->text.npos && !line->too_long)
            line = lines_->next();
        if (!line)
            return end();
        const auto& [number, text, too_long] = *line;
        if (too_long)
            return refuse(number, text, {}, {"La línea pasa de 1 MiB.", "The line is longer than 1 MiB."});
        if (!codec::is_utf8(text))
            return refuse(number, text, {}, not_utf8());
        auto value = json::parse(text);
        if (!value)
            return refuse(
                number, text, {},
                {fmt::format("No es JSON válido (byte {}): {}.", value.error().offset, value.error().reason),
                 fmt::format("It is not valid JSON (byte {}): {}.", value.error().offset, value.error().reason)});
        if (!value->if_map())
            return refuse(number, text, {}, {"La línea no es un objeto JSON.", "The line is not a JSON object."});
        Draft draft{.members = std::get<Map>(std::move(value->data)), .source = "shop", .repairs = {}};
        return finish(number, text, std::move(draft), codec::Reader::Source::json);
    }
};

// Recognizes other kinds of file by their beginning.
std::optional<Phrase> unsupported_format(std::string_view text)
{
    if (text.starts_with("PK\x03\x04") || text.starts_with("\xD0\xCF\x11\xE0"))
        return Phrase{"Es un libro de hoja de cálculo; guárdelo como CSV UTF-8.",
                      "It is a spreadsheet workbook; save it as CSV UTF-8."};
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return Phrase{"El archivo está en UTF-16; guárdelo en UTF-8.", "The file is UTF-16; save it as UTF-8."};
    if (text.starts_with('['))
        return Phrase{"Es una lista JSON; ponga un objeto JSON por línea (NDJSON).",
                      "It is a JSON array; put one JSON object on each line (NDJSON)."};
    if (text.starts_with('<'))
        return Phrase{"Es XML o HTML; use CSV o NDJSON.", "It is XML or HTML; use CSV or NDJSON."};
    return std::nullopt;
}

Result<std::unique_ptr<CatalogueReader>> csv_reader(std::unique_ptr<Lines> lines, std::string_view header_line,
                                                    ReaderOptions options)
{
    auto records = std::make_unique<CsvRecords>(*lines, guess_delimiter(header_line));
    const auto header = records->next();
    if (!*header || !codec::is_utf8((*header)->raw))
        return failure(Errc::invalid, "La cabecera no es CSV válido en UTF-8.",
                       "The header line is not valid CSV in UTF-8.");
    std::vector<std::string> columns;
    for (const auto& field : (*header)->fields) {
        columns.push_back(collapse_white_space(field));
        for (char& c : columns.back())
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    auto mapping = goodbooks_mapping(columns);
    if (!mapping)
        mapping = gutenberg_mapping(columns, options);
    if (!mapping) {
        auto shop = shop_mapping(columns);
        if (!shop)
            return std::unexpected(std::move(shop.error()));
        mapping = std::move(*shop);
    }
    return std::make_unique<CsvReader>(std::move(lines), std::move(options), std::move(records), std::move(columns),
                                       std::move(mapping));
}

} // namespace

CatalogueRecord CatalogueReader::next()
{
    auto row = read();
    if (!row)
        return EndOfRows{};
    if (!*row)
        return RowRefusal(std::move(row->error()));
    return CatalogueRow(std::move(**row));
}

Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(std::unique_ptr<ByteSource> source,
                                                                 ReaderOptions options)
{
    auto lines = std::make_unique<Lines>(std::move(source));
    auto first = lines->next();
    while (first && first->text.find_first_not_of(" \t") == first->text.npos && !first->too_long)
        first = lines->next();
    if (!first)
        return failure(Errc::invalid,
                       lines->bytes().damaged() ? "Los datos comprimidos están dañados." : "El archivo está vacío.",
                       lines->bytes().damaged() ? "The compressed data is damaged." : "The file is empty.");
    const std::string beginning = first->text;
    if (auto reason = unsupported_format(beginning))
        return std::unexpected(Error{.code = Errc::invalid,
                                     .detail = std::move(*reason),
                                     .faults = {},
                                     .lines = {},
                                     .retry_after_s = 0,
                                     .title = {}});
    lines->put_back({std::move(*first)});
    if (beginning[beginning.find_first_not_of(" \t")] == '{')
        return std::make_unique<NdjsonReader>(std::move(lines), std::move(options));
    return csv_reader(std::move(lines), beginning, std::move(options));
}

Result<std::unique_ptr<CatalogueReader>> create_catalogue_reader(const std::string& path, ReaderOptions options)
{
    auto source = file_source(path);
    if (!source)
        return std::unexpected(std::move(source.error()));
    return create_catalogue_reader(std::move(*source), std::move(options));
}

} // namespace estante::catalogues
