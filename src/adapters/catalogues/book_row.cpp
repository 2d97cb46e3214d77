#include "adapters/catalogues/book_row.hpp"

#include "codec/described.hpp"
#include "domain/code_points.hpp"
#include "domain/isbn_repair.hpp"
#include "domain/language.hpp"
#include "domain/white_space.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante::catalogues {

namespace {

constexpr std::size_t max_id_bytes = 200;

// The members of create_book's JSON, and what an import adds to them.
struct BookRow : BookEntry {
    std::optional<Text<1, max_id_bytes>> source_id{};
    std::optional<Money> price{};
    std::optional<Int<0, Stock::max_on_hand>> on_hand{};
};
BOOST_DESCRIBE_STRUCT(BookRow, (BookEntry), (source_id, price, on_hand))

Phrase to_reason(const std::vector<Fault>& faults)
{
    Phrase reason;
    for (const Fault& fault : faults) {
        const auto member = std::string_view(fault.pointer).substr(std::min<std::size_t>(1, fault.pointer.size()));
        fmt::format_to(std::back_inserter(reason.es), "{}{}: {}", reason.es.empty() ? "" : "; ", member,
                       fault.reason.es);
        fmt::format_to(std::back_inserter(reason.en), "{}{}: {}", reason.en.empty() ? "" : "; ", member,
                       fault.reason.en);
    }
    return reason;
}

void truncate_subjects(Draft& draft)
{
    const auto subjects = draft.members.find("subjects");
    List* list = subjects == draft.members.end() ? nullptr : std::get_if<List>(&subjects->second.data);
    if (!list || list->size() <= BookEntry::max_subjects)
        return;
    draft.add_repair(RepairKind::subjects_cut,
                     fmt::format("De {} materias se conservan las primeras {}.", list->size(), BookEntry::max_subjects),
                     fmt::format("Of {} subjects the first {} are kept.", list->size(), BookEntry::max_subjects));
    list->resize(BookEntry::max_subjects);
}

} // namespace

void Draft::put(std::string_view name, std::string_view text)
{
    if (std::string spaced = collapse_white_space(text); !spaced.empty())
        members.insert_or_assign(std::string(name), Value(std::move(spaced)));
}

void Draft::put(std::string_view name, List list)
{
    if (!list.empty())
        members.insert_or_assign(std::string(name), Value(std::move(list)));
}

void Draft::put_isbn(std::string_view isbn13_cell, std::string_view isbn10_cell)
{
    const std::string isbn13 = collapse_white_space(isbn13_cell);
    const std::string isbn10 = collapse_white_space(isbn10_cell);
    const auto repair = repair_isbn(isbn13, isbn10);
    if (!repair) {
        if (!isbn13.empty() || !isbn10.empty())
            add_repair(RepairKind::isbn_left_out,
                       fmt::format("El ISBN no se puede recuperar de «{}» y «{}».", isbn13, isbn10),
                       fmt::format("The ISBN cannot be restored from “{}” and “{}”.", isbn13, isbn10));
        return;
    }
    const std::string& isbn = repair->isbn.value;
    put("isbn", isbn);
    switch (repair->kind) {
    case IsbnRepairKind::nothing:
        return;
    case IsbnRepairKind::float_restored:
        return add_repair(RepairKind::isbn_restored,
                          fmt::format("ISBN {} recuperado de «{}» y «{}».", isbn, isbn13, isbn10),
                          fmt::format("ISBN {} restored from “{}” and “{}”.", isbn, isbn13, isbn10));
    case IsbnRepairKind::isbn10_only:
        if (repair->zeros_padded)
            add_repair(
                RepairKind::isbn_restored,
                fmt::format("ISBN {}: a «{}» le faltaban ceros iniciales.", isbn, isbn10.empty() ? isbn13 : isbn10),
                fmt::format("ISBN {}: “{}” lacked leading zeros.", isbn, isbn10.empty() ? isbn13 : isbn10));
        return;
    case IsbnRepairKind::isbn13_unusable:
    case IsbnRepairKind::isbn13_kept:
    case IsbnRepairKind::isbn10_kept:
        return add_repair(RepairKind::isbn_conflict,
                          fmt::format("«{}» y «{}» no concuerdan; se usa el ISBN {}.", isbn13, isbn10, isbn),
                          fmt::format("“{}” and “{}” differ; the ISBN {} is used.", isbn13, isbn10, isbn));
    }
}

void Draft::put_language(std::string_view code)
{
    const std::string spaced = collapse_white_space(code);
    if (const auto language = to_language_code(spaced))
        put("language", language->value);
    else if (!spaced.empty())
        add_repair(RepairKind::language_left_out, fmt::format("El idioma «{}» no tiene código ISO 639-1.", spaced),
                   fmt::format("The language “{}” has no ISO 639-1 code.", spaced));
}

Value contributor(std::string name, std::string_view role)
{
    return Map{{"name", Value(std::move(name))}, {"role", Value(role)}};
}

std::expected<Row, Phrase> to_row(Draft draft, codec::Reader::Source numbers, const ReaderOptions& options)
{
    truncate_subjects(draft);
    const bool has_category = draft.members.contains("category");
    if (!has_category)
        draft.members.emplace("category", Value("-")); // the codec requires one
    codec::Reader reader;
    reader.source = numbers;
    BookRow book;
    codec::read(reader, Value(std::move(draft.members)), book);
    if (book.contributors.size() > BookEntry::max_contributors)
        reader.at_member("contributors", [&] {
            reader.add_fault("too_many", fmt::format("debe tener {} como máximo", BookEntry::max_contributors),
                             fmt::format("must have at most {}", BookEntry::max_contributors));
        });
    if (book.source_id && book.source_id->value.size() > max_id_bytes)
        reader.at_member("source_id", [&] {
            reader.add_fault("too_long", fmt::format("debe ocupar {} bytes como máximo", max_id_bytes),
                             fmt::format("must take at most {} bytes", max_id_bytes));
        });
    if (!reader.faults.empty())
        return std::unexpected(to_reason(reader.faults));
    Row row;
    row.entry = static_cast<BookEntry&&>(book);
    if (!has_category)
        row.entry.category.value = options.category;
    row.source = std::move(draft.source);
    row.source_id = book.source_id ? std::move(book.source_id->value) : std::string();
    row.price = book.price;
    if (book.on_hand)
        row.on_hand = book.on_hand->value;
    row.repairs = std::move(draft.repairs);
    return row;
}

std::string subject_of(const Map& members)
{
    constexpr std::size_t max_subject_bytes = 200;
    const auto title = text_of(members, "title");
    return std::string(first_bytes(title.empty() ? text_of(members, "source_id") : title, max_subject_bytes));
}

std::string excerpt(std::string_view raw, std::size_t max_characters)
{
    std::string text;
    std::size_t count = 0;
    for (std::size_t at = 0; at < raw.size() && count < max_characters; ++count) {
        const auto from = at;
        const auto c = next_code_point(raw, at);
        if (c < 0)
            text += "\xEF\xBF\xBD";
        else if (c < 0x20 || c == 0x7F)
            text += ' ';
        else
            text.append(raw, from, at - from);
    }
    return text;
}

} // namespace estante::catalogues
