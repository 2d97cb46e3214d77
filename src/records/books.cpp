#include "records/books.hpp"

#include "records/item_attributes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

constexpr std::string_view category_partition = "CATEGORY";
constexpr std::string_view author_partition = "AUTHOR";

// The contributors that a book is listed under: each name once, in order.
std::vector<std::string_view> distinct_names(const BookEntry& entry)
{
    std::vector<std::string_view> names;
    for (const Contributor& contributor : entry.contributors) {
        if (std::ranges::find(names, contributor.name.value) == names.end())
            names.push_back(contributor.name.value);
    }
    return names;
}

void set_index(Item& item, std::string_view index, std::string_view partition, std::string_view value,
               const BookId& book)
{
    item.insert_or_assign(fmt::format("{}pk", index), Value(partition));
    item.insert_or_assign(fmt::format("{}sk", index), Value(fmt::format("{}#{}", encode_key_part(value), book.value)));
}

template <class T> void set_text(Item& item, std::string_view name, const std::optional<T>& text)
{
    if (text)
        item.emplace(name, text->value);
}

Item contributor_item(const Book& book, std::size_t number, std::string_view name)
{
    Item item{{"pk", book.id.value},
              {"sk", fmt::format("AUTHOR#{}", number)},
              {"book_id", book.id.value},
              {"name", Value(name)}};
    set_index(item, "gsi2", author_partition, name, book.id);
    return item;
}

Item claim_item(Key key, const Book& book)
{
    return {{"pk", std::move(key.pk)}, {"sk", std::move(key.sk)}, {"book_id", book.id.value}};
}

List contributors_value(const BookEntry& entry)
{
    List list;
    for (const Contributor& contributor : entry.contributors)
        list.emplace_back(Map{{"name", contributor.name.value}, {"role", enum_text(contributor.role.value)}});
    return list;
}

Query list_query(Index index, std::string_view partition, std::string_view value)
{
    return {.table = Table::books,
            .index = index,
            .partition = std::string(partition),
            .sort_keys = SortPrefix{encode_key_part(value) + "#"}};
}

BookEntry entry_from(const Item& item)
{
    BookEntry entry;
    entry.title.value = text_at(item, "title");
    entry.original_title = optional_limited_at<Text<1, 500>>(item, "original_title");
    for (const Value& value : list_at(item, "contributors")) {
        const Map* map = value.if_map();
        if (!map)
            throw_damaged(item, "contributors", "a list of maps");
        entry.contributors.push_back({{text_at(*map, "name")}, {enum_at<ContributorRole>(*map, "role")}});
    }
    entry.publisher = optional_limited_at<Text<1, 200>>(item, "publisher");
    entry.language = optional_parsed_at<LanguageCode>(item, "language");
    if (const auto year = optional_int_at(item, "publication_year"))
        entry.publication_year.emplace().value = *year;
    entry.description = optional_limited_at<Text<1, 10000>>(item, "description");
    entry.category.value = text_at(item, "category");
    for (const Value& value : list_at(item, "subjects")) {
        const std::string* subject = value.if_string();
        if (!subject)
            throw_damaged(item, "subjects", "a list of texts");
        entry.subjects.push_back({*subject});
    }
    entry.isbn = optional_parsed_at<Isbn>(item, "isbn");
    entry.condition.value = enum_at<BookCondition>(item, "condition");
    if (const auto rating = optional_hundredths_at(item, "rating"))
        entry.rating = Rating{*rating};
    entry.format.value = enum_at<BookFormat>(item, "format");
    if (const auto pages = optional_int_at(item, "pages"))
        entry.pages.emplace().value = *pages;
    return entry;
}

} // namespace

Key entry_key(const BookId& book, const std::optional<Isbn>& isbn)
{
    return {book.value, "BOOK#" + (isbn ? isbn->value : "-")};
}

bool is_entry(const Key& key)
{
    return key.pk.starts_with(BookId::prefix) && key.sk.starts_with("BOOK#");
}

Item to_item(const Book& book)
{
    const BookEntry& entry = book.entry;
    Key key = entry_key(book.id, entry.isbn);
    Item item{{"pk", std::move(key.pk)},
              {"sk", std::move(key.sk)},
              {"book_id", book.id.value},
              {"title", entry.title.value},
              {"contributors", contributors_value(entry)},
              {"category", entry.category.value},
              {"condition", enum_text(entry.condition.value)},
              {"format", enum_text(entry.format.value)},
              {"version", book.version},
              {"created_at", time_value(book.created_ms)},
              {"updated_at", time_value(book.updated_ms)}};
    List subjects;
    for (const auto& subject : entry.subjects)
        subjects.emplace_back(subject.value);
    item.emplace("subjects", std::move(subjects));
    set_text(item, "original_title", entry.original_title);
    set_text(item, "publisher", entry.publisher);
    set_text(item, "language", entry.language);
    set_text(item, "description", entry.description);
    set_text(item, "isbn", entry.isbn);
    if (entry.publication_year)
        item.emplace("publication_year", entry.publication_year->value);
    if (entry.rating)
        item.emplace("rating", Number::hundredths(entry.rating->hundredths));
    if (entry.pages)
        item.emplace("pages", entry.pages->value);
    if (!book.source.empty())
        item.emplace("source", book.source);
    set_index(item, "gsi1", category_partition, entry.category.value, book.id);
    if (!entry.contributors.empty())
        set_index(item, "gsi2", author_partition, entry.contributors.front().name.value, book.id);
    return item;
}

Book book_from(const Item& item)
{
    return {.id = parsed_at<BookId>(item, "book_id"),
            .entry = entry_from(item),
            .version = int_at(item, "version"),
            .created_ms = time_at(item, "created_at"),
            .updated_ms = time_at(item, "updated_at"),
            .source = optional_text_at(item, "source").value_or("")};
}

Key isbn_claim_key(const Isbn& isbn, BookCondition condition)
{
    return {fmt::format("ISBN#{}#{}", isbn.value, enum_text(condition)), "CLAIM"};
}

bool is_isbn_claim(const Key& key)
{
    return key.pk.starts_with("ISBN#");
}

Key source_claim_key(std::string_view source)
{
    return {"SOURCE#" + encode_key_part(source), "CLAIM"};
}

BookId claimed_book(const Item& claim)
{
    return parsed_at<BookId>(claim, "book_id");
}

Item source_claim(const Book& book)
{
    return claim_item(source_claim_key(book.source), book);
}

void set_digest(Item& source_claim, std::string_view digest)
{
    source_claim.insert_or_assign("digest", Value(digest));
}

std::string_view digest_of(const Item& source_claim)
{
    return text_of(source_claim, "digest");
}

Condition digest_is(std::string_view digest)
{
    return Equals{"digest", Value(digest)};
}

std::vector<Item> items_of(const Book& book)
{
    std::vector<Item> items{to_item(book)};
    for (std::size_t number = 1; const auto name : distinct_names(book.entry)) {
        if (number > 1)
            items.push_back(contributor_item(book, number, name));
        ++number;
    }
    if (book.entry.isbn)
        items.push_back(claim_item(isbn_claim_key(*book.entry.isbn, book.entry.condition.value), book));
    if (!book.source.empty())
        items.push_back(source_claim(book));
    return items;
}

Query books_in_category(std::string_view category)
{
    return list_query(Index::gsi1, category_partition, category);
}

Query books_by_author(std::string_view author)
{
    return list_query(Index::gsi2, author_partition, author);
}

Query all_entries()
{
    return {.table = Table::books, .index = Index::gsi1, .partition = std::string(category_partition), .limit = 100};
}

} // namespace estante
