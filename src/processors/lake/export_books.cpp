#include "processors/lake/export_books.hpp"

#include "codec/lake_layout.hpp"
#include "processors/poison_record.hpp"
#include "records/books_with_stock.hpp"
#include "records/store_failure.hpp"

#include <exception>
#include <set>
#include <system_error>
#include <utility>

namespace estante {

namespace {

LakeBook lake_book(const StockedBook& stocked)
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

Task<StoreResult<std::vector<LakeBook>>> all_books(TenantItems& items)
{
    std::vector<LakeBook> books;
    std::set<BookId> met; // a book that moves to another category meanwhile may come twice
    auto query = all_entries();
    do {
        const auto page = co_await items.query(query);
        if (!page)
            co_return std::unexpected(page.error());
        std::vector<BookId> ids;
        for (const Item& entry : page->items) {
            if (BookId book{key_of(entry).pk}; met.insert(book).second)
                ids.push_back(std::move(book));
        }
        const auto found = co_await read_book_items(items, std::move(ids));
        if (!found)
            co_return std::unexpected(found.error());
        for (const auto& book : *found) {
            try {
                if (book)
                    books.push_back(lake_book(stocked_book_from(*book)));
            } catch (const std::exception&) { // damaged: the search index names it in the log
                continue;
            }
        }
        query.after = page->next;
    } while (query.after);
    co_return books;
}

bool same_price(const Item& before, const Item& after)
{
    const Value* was = find(before, "price");
    const Value* is = find(after, "price");
    return was && is ? *was == *is : was == is;
}

} // namespace

bool shows_in_export(const Change& change)
{
    const auto changed = change.table == Table::books ? changed_key(change) : std::nullopt;
    if (!changed)
        return false;
    if (is_entry(changed->key))
        return true;
    return is_stock(changed->key) && change.before && change.after && !same_price(*change.before, *change.after);
}

Task<Result<std::size_t>> export_books(AllItems items, TenantId shop, ObjectStore& lake, LakeTables& tables,
                                       std::filesystem::path file)
{
    auto of_shop = items.of(shop);
    auto books = co_await all_books(of_shop);
    if (!books)
        co_return store_failure(books.error());
    const auto count = books->size();
    Result<std::size_t> answer = count;
    if (const auto written = co_await tables.write_books(std::move(*books), file); !written)
        answer = std::unexpected(written.error());
    else if (const auto put = co_await lake.put_file(lake_layout::books_key(shop), file); !put)
        answer = failure(Errc::unavailable, "El lago de datos no responde.", put.error().detail);
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    co_return answer;
}

} // namespace estante
