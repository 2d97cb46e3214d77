#include "operations/books/detail/find_book.hpp"

#include "operations/tenants/find_currency.hpp"
#include "records/store_failure.hpp"

#include <set>

namespace estante::books {

std::unexpected<Error> no_such_book()
{
    return failure(Errc::not_found, "No existe ningún libro con ese identificador o ISBN en esta tienda.",
                   "This shop has no book with that id or ISBN.");
}

Task<Result<StockedBook>> find_book(TenantItems& items, BookId book)
{
    auto found = co_await read_book(items, std::move(book));
    if (!found)
        co_return store_failure(found.error());
    if (!*found)
        co_return no_such_book();
    co_return std::move(**found);
}

Task<Result<StockedBook>> find_book_by_isbn(TenantItems& items, Isbn isbn, BookCondition condition)
{
    const auto claim = co_await items.get(Table::books, isbn_claim_key(isbn, condition));
    if (!claim)
        co_return store_failure(claim.error());
    if (!*claim)
        co_return no_such_book();
    co_return co_await find_book(items, claimed_book(**claim));
}

Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books)
{
    auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return co_await find_views(items, std::move(books), std::move(*currency));
}

Task<Result<std::vector<BookView>>> find_views(TenantItems& items, std::vector<BookId> books, Currency currency)
{
    std::vector<BookView> views;
    std::set<BookId> seen;
    std::erase_if(books, [&](const BookId& book) { return !seen.insert(book).second; });
    const auto found = co_await read_book_items(items, std::move(books));
    if (!found)
        co_return store_failure(found.error());
    for (const auto& book : *found) {
        if (book)
            views.push_back(to_view(stocked_book_from(*book), currency));
    }
    co_return views;
}

Task<Result<StockRecord>> find_stock(TenantItems& items, BookId book)
{
    const auto item = co_await items.get(Table::books, stock_key(book));
    if (!item)
        co_return store_failure(item.error());
    if (!*item)
        co_return no_such_book();
    co_return stock_from(**item);
}

} // namespace estante::books
