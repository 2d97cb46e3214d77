#include "processors/lake/export_books.hpp"

#include "codec/lake_layout.hpp"
#include "processors/lake/lake_failure.hpp"
#include "processors/poison_record.hpp"
#include "records/books_with_stock.hpp"
#include "records/store_failure.hpp"

#include <exception>
#include <set>
#include <system_error>
#include <utility>

namespace estante {

namespace {

LakeBook to_lake_book(const StockedBook& stocked)
{
    const auto& [book, stock] = stocked;
    LakeBook row{.book_id = book.id.value,
                 .title = book.entry.title.value,
                 .category = book.entry.category.value,
                 .isbn = book.entry.isbn ? book.entry.isbn->value : "",
                 .price = stock.price ? to_string(*stock.price) : "",
                 .publication_year =
                     book.entry.publication_year ? std::to_string(book.entry.publication_year->value) : ""};
    for (const Contributor& contributor : book.entry.contributors)
        row.authors.push_back(contributor.name.value);
    if (!row.authors.empty())
        row.author = row.authors.front();
    return row;
}

Task<StoreResult<std::vector<LakeBook>>> read_all_books(TenantItems& items)
{
    std::vector<LakeBook> books;
    std::set<BookId> seen; // a book that moves to another category during the query may appear twice
    auto query = all_entries();
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return std::unexpected(page.error());
        std::vector<BookId> ids;
        for (const Item& entry : page->items) {
            if (BookId book{key_of(entry).pk}; seen.insert(book).second)
                ids.push_back(std::move(book));
        }
        const auto found = co_await read_book_items(items, std::move(ids));
        if (!found)
            co_return std::unexpected(found.error());
        for (const auto& book : *found) {
            try {
                if (book)
                    books.push_back(to_lake_book(stocked_book_from(*book)));
            } catch (const std::exception&) { // damaged: books_stream logs it
                continue;
            }
        }
        query.after = page->next;
    } while (query.after);
    co_return books;
}

bool has_same_price(const Item& before, const Item& after)
{
    const Value* price_before = find(before, "price");
    const Value* price_after = find(after, "price");
    return price_before && price_after ? *price_before == *price_after : price_before == price_after;
}

} // namespace

bool affects_export(const Change& change)
{
    const auto changed = change.table == Table::books ? changed_key(change) : std::nullopt;
    if (!changed)
        return false;
    if (is_entry(changed->key))
        return true;
    return is_stock(changed->key) && change.before && change.after && !has_same_price(*change.before, *change.after);
}

Task<Result<std::size_t>> export_books(AllItems items, TenantId tenant, ObjectStore& lake, LakeTables& tables,
                                       std::filesystem::path file)
{
    TenantItems tenant_items = items.of(tenant);
    auto books = co_await read_all_books(tenant_items);
    if (!books)
        co_return store_failure(books.error());
    const auto count = books->size();
    Result<std::size_t> exported = count;
    if (const auto written = co_await tables.write_books(std::move(*books), file); !written)
        exported = std::unexpected(written.error());
    else if (const auto put = co_await lake.put_file(lake_layout::books_key(tenant), file); !put)
        exported = lake_failure(put.error());
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    co_return exported;
}

} // namespace estante
