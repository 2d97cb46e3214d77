#include "operations/books/get_book_by_isbn.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

Task<Result<BookView>> get_book_by_isbn(const Caller&, const GetBookByIsbn& request, TenantItems& items)
{
    const auto book = co_await find_book_by_isbn(items, request.isbn, request.condition.value);
    if (!book)
        co_return std::unexpected(book.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return to_view(*book, *currency);
}

} // namespace estante::books
