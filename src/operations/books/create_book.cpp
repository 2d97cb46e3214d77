#include "operations/books/create_book.hpp"

#include "operations/books/book_changes.hpp"
#include "operations/books/find_book.hpp"

namespace estante::books {

Task<Result<BookView>> create_book(const Caller&, const CreateBook& request, TenantItems& items, Clock& clock, Ids& ids,
                                   IdempotencyGuard<BookView>& idempotency)
{
    if (auto allowed = check(request); !allowed)
        co_return std::unexpected(allowed.error());
    const auto currency = co_await currency_of_shop(items);
    if (!currency)
        co_return std::unexpected(currency.error());

    const auto now_ms = clock.now_ms();
    const StockedBook created{
        .book = {.id = ids.make<BookId>(), .entry = request, .created_ms = now_ms, .updated_ms = now_ms},
        .stock = {.on_hand = request.on_hand.value.value, .price = request.price}};
    std::vector<Action> actions;
    add_creation(actions, created.book, created.stock);
    BookView view = view_of(created, *currency);
    idempotency.add_record_to(actions, Table::books, view);

    const auto stored = co_await items.transact(std::move(actions));
    if (!stored)
        co_return book_refused(stored.error(), request);
    co_return view;
}

} // namespace estante::books
