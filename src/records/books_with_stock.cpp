#include "records/books_with_stock.hpp"

namespace estante {

namespace {

// A partition is not read in one instant: while an ISBN changes, the entry may be seen at both of its keys or at none.
constexpr int attempts = 3;

// Entry and stock lie side by side in the order of sort keys, behind the contributors.
Query entry_and_stock(const BookId& book)
{
    return {.table = Table::books, .partition = book.value, .sort_keys = SortRange{.first = "BOOK#"}, .limit = 3};
}

Task<StoreResult<std::optional<StockedItems>>> read_partition(TenantItems& items, const BookId& book)
{
    for (int attempt = 0; attempt < attempts; ++attempt) {
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
    std::vector<std::optional<StockedItems>> answer(books.size());
    if (books.empty())
        co_return answer;
    std::vector<Key> keys;
    keys.reserve(books.size());
    for (const BookId& book : books)
        keys.push_back(stock_key(book));
    auto stocks = co_await items.batch_get(Table::books, std::move(keys));
    if (!stocks)
        co_return std::unexpected(std::move(stocks.error()));

    std::vector<std::size_t> places;
    keys.clear();
    for (std::size_t place = 0; place < books.size(); ++place) {
        const auto& stock = (*stocks)[place];
        if (!stock)
            continue;
        places.push_back(place);
        const auto isbn = text_of(*stock, "isbn");
        keys.push_back(entry_key(books[place], isbn.empty() ? std::nullopt : std::optional(Isbn{std::string(isbn)})));
    }
    if (keys.empty())
        co_return answer;
    auto entries = co_await items.batch_get(Table::books, std::move(keys));
    if (!entries)
        co_return std::unexpected(std::move(entries.error()));

    for (std::size_t i = 0; i < places.size(); ++i) {
        auto& entry = (*entries)[i];
        if (entry) {
            answer[places[i]] = StockedItems{std::move(*entry), std::move(*(*stocks)[places[i]])};
            continue;
        }
        // Its ISBN changed, or it was deleted, between the two reads.
        auto found = co_await read_partition(items, books[places[i]]);
        if (!found)
            co_return std::unexpected(std::move(found.error()));
        answer[places[i]] = std::move(*found);
    }
    co_return answer;
}

StockedBook stocked_book_from(const StockedItems& items)
{
    return {.book = book_from(items.entry), .stock = stock_from(items.stock).stock};
}

} // namespace estante
