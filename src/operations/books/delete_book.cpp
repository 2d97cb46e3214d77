#include "operations/books/delete_book.hpp"

#include "operations/books/detail/book_changes.hpp"
#include "operations/books/detail/find_book.hpp"

namespace estante::books {

Task<Result<Nothing>> delete_book(const Caller&, const DeleteBook& request, TenantItems& items)
{
    const auto book = co_await find_book(items, request.book_id);
    if (!book)
        co_return std::unexpected(book.error());
    if (auto current = check_etag(request.if_match, *book); !current)
        co_return std::unexpected(current.error());

    std::vector<Action> actions;
    add_delete_actions(actions, *book, request.if_match);
    const auto stored = co_await items.transact(std::move(actions));
    if (!stored)
        co_return book_write_error(stored.error(), book->book.entry, request.if_match);
    co_return Nothing{};
}

} // namespace estante::books
