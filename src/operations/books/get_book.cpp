#include "operations/books/get_book.hpp"

#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

Task<Result<BookView>> get_book(const Caller&, const GetBook& request, TenantItems& items)
{
    const auto book = co_await find_book(items, request.book_id);
    if (!book)
        co_return std::unexpected(book.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    co_return to_view(*book, *currency);
}

} // namespace estante::books
