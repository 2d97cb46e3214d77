#include "operations/books/put_book_by_isbn.hpp"

#include "operations/books/detail/book_changes.hpp"
#include "operations/books/detail/find_book.hpp"
#include "operations/detail/if_match.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

namespace {

// The book was created, deleted or got another ISBN between the read and the write. Whatever has the ISBN now, the
// write lost to another one.
std::unexpected<Error> put_error(const StoreError& error, const PutBookByIsbn& request)
{
    auto refused = book_write_error(error, request, request.if_match);
    if (refused.error().code == Errc::already_exists)
        return write_conflict(request.if_match);
    return refused;
}

PutBook put_view(const StockedBook& book, const Currency& currency, bool created)
{
    PutBook view;
    static_cast<BookView&>(view) = to_view(book, currency);
    view.created = created;
    return view;
}

} // namespace

Task<Result<PutBook>> put_book_by_isbn(const Caller&, const PutBookByIsbn& request, TenantItems& items, Clock& clock,
                                       IdGenerator& ids)
{
    if (!request.isbn)
        co_return invalid("/isbn", "required", "Falta el ISBN: póngalo en la ruta.",
                          "The ISBN is missing: put it in the path.");
    if (auto allowed = check_entry(request); !allowed)
        co_return std::unexpected(allowed.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto before = co_await find_book_by_isbn(items, *request.isbn, request.condition.value);
    if (!before && before.error().code != Errc::not_found)
        co_return std::unexpected(before.error());

    const auto now_ms = clock.now_ms();
    std::vector<Action> actions;
    std::optional<StockedBook> after;
    if (before) {
        if (auto current = check_etag(request.if_match, *before); !current)
            co_return std::unexpected(current.error());
        const auto price = request.price ? request.price : before->stock.price;
        after = add_replace_actions(actions, *before, request, price, request.if_match, now_ms);
        if (!after)
            co_return put_view(*before, *currency, false);
    } else {
        if (request.if_match)
            co_return failure(
                Errc::version_mismatch,
                "Ningún libro con ese ISBN tiene la versión de If-Match. Quite If-Match para crear el libro.",
                "No book with that ISBN has the version in If-Match. Leave If-Match out to create the book.");
        after = StockedBook{
            .book = {.id = ids.make<BookId>(), .entry = request, .created_ms = now_ms, .updated_ms = now_ms},
            .stock = {.price = request.price}};
        add_create_actions(actions, after->book, after->stock);
    }
    const auto stored = co_await items.transact(std::move(actions));
    if (!stored)
        co_return put_error(stored.error(), request);
    co_return put_view(*after, *currency, !before);
}

} // namespace estante::books
