#include "records/books_with_stock.hpp"

namespace estante {

namespace {

// A query does not read a partition in one instant: while the ISBN changes, the entry may appear under both keys or
// under none.
constexpr int max_attempts = 3;

// In the order of sort keys the entry and the stock are next to each other, after the contributors.
Query entry_and_stock(const BookId& book)
{
    return {.table = Table::books, .partition = book.value, .sort_keys = SortRange{.first = "BOOK#"}, .limit = 3};
}

Task<StoreResult<std::optional<StockedItems>>> read_partition(TenantItems& items, const BookId& book)
{
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        auto page = co_await items.query(entry_and_stock(book));
        if (!page)
            co_return std::unexpected(std::move(page.error()));
        StockedItems found;
        for (Item& item : page->items) {
            const Key key = key_of(item);
            if (is_stock(key))
                found.stock = std::move(item);
            else if (is_entry(key) && (found.entry.empty() || int_of(item, "version") > int_of(found.entry, "version")))
                found.entry = std::move(item);
        }
        if (!found.entry.empty() && !found.stock.empty())
            co_return found;
        if (found.entry.empty() && found.stock.empty())
            break;
    }
    co_return std::nullopt;
}

std::vector<Key> stock_keys(const std::vector<BookId>& books)
{
    std::vector<Key> keys;
    keys.reserve(books.size());
    for (const BookId& book : books)
        keys.push_back(stock_key(book));
    return keys;
}

} // namespace

Task<StoreResult<std::optional<StockedBook>>> read_book(TenantItems& items, BookId book)
{
    auto found = co_await read_partition(items, book);
    if (!found)
        co_return std::unexpected(std::move(found.error()));
    if (!*found)
        co_return std::nullopt;
    co_return stocked_book_from(**found);
}

Task<StoreResult<std::vector<std::optional<StockedItems>>>> read_book_items(TenantItems& items,
                                                                            std::vector<BookId> books)
{
    std::vector<std::optional<StockedItems>> found_books(books.size());
    if (books.empty())
        co_return found_books;
    std::vector<Key> keys = stock_keys(books);
    auto stocks = co_await items.batch_get(Table::books, std::move(keys));
    if (!stocks)
        co_return std::unexpected(std::move(stocks.error()));

    std::vector<std::size_t> indexes;
    keys.clear();
    for (std::size_t index = 0; index < books.size(); ++index) {
        const auto& stock = (*stocks)[index];
        if (!stock)
            continue;
        indexes.push_back(index);
        const auto isbn = text_of(*stock, "isbn");
        keys.push_back(entry_key(books[index], isbn.empty() ? std::nullopt : std::optional(Isbn{std::string(isbn)})));
    }
    if (keys.empty())
        co_return found_books;
    auto entries = co_await items.batch_get(Table::books, std::move(keys));
    if (!entries)
        co_return std::unexpected(std::move(entries.error()));

    for (std::size_t i = 0; i < indexes.size(); ++i) {
        auto& entry = (*entries)[i];
        if (entry) {
            found_books[indexes[i]] = StockedItems{std::move(*entry), std::move(*(*stocks)[indexes[i]])};
            continue;
        }
        // Its ISBN changed, or it was deleted, between the two reads.
        auto found = co_await read_partition(items, books[indexes[i]]);
        if (!found)
            co_return std::unexpected(std::move(found.error()));
        found_books[indexes[i]] = std::move(*found);
    }
    co_return found_books;
}

StockedBook stocked_book_from(const StockedItems& items)
{
    return {.book = book_from(items.entry), .stock = stock_from(items.stock).stock};
}

Task<StoreResult<std::vector<std::optional<Stock>>>> read_stocks(TenantItems& items, std::vector<BookId> books)
{
    const auto found = co_await items.batch_get(Table::books, stock_keys(books));
    if (!found)
        co_return std::unexpected(found.error());
    std::vector<std::optional<Stock>> stocks(found->size());
    for (std::size_t i = 0; i < stocks.size(); ++i) {
        if (const auto& item = (*found)[i])
            stocks[i] = stock_from(*item).stock;
    }
    co_return stocks;
}

} // namespace estante
