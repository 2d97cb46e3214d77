#include "operations/books/get_book.hpp"

#include "operations/books/find_book.hpp"

namespace estante::books {

Task<Result<BookView>> get_book(const Caller&, const GetBook& request, TenantItems& items)
{
    const auto book = co_await find_book(items, request.book_id);
    if (!book)
        co_return std::unexpected(book.error());
    const auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return view_of(*book, *currency);
}

} // namespace estante::books
