#include "operations/books/create_book.hpp"

#include "operations/books/detail/book_changes.hpp"
#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

Task<Result<BookView>> create_book(const Caller&, const CreateBook& request, TenantItems& items, Clock& clock,
                                   IdGenerator& ids, IdempotencyGuard<BookView>& idempotency)
{
    if (auto allowed = check_entry(request); !allowed)
        co_return std::unexpected(allowed.error());
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());

    const auto now_ms = clock.now_ms();
    const StockedBook created{
        .book = {.id = ids.make<BookId>(), .entry = request, .created_ms = now_ms, .updated_ms = now_ms},
        .stock = {.on_hand = request.on_hand.value.value, .price = request.price}};
    std::vector<Action> actions;
    add_create_actions(actions, created.book, created.stock);
    BookView view = to_view(created, *currency);
    idempotency.add_record_to(actions, Table::books, view);

    const auto stored = co_await items.transact(std::move(actions));
    if (!stored)
        co_return book_write_error(stored.error(), request);
    co_return view;
}

} // namespace estante::books
