#include "operations/books/update_book.hpp"

#include "operations/books/detail/book_changes.hpp"
#include "operations/books/detail/find_book.hpp"
#include "operations/tenants/find_currency.hpp"

namespace estante::books {

namespace {

template <class T> void set(T& member, const std::optional<T>& change)
{
    if (change)
        member = *change;
}

template <class T, auto Default> void set(Or<T, Default>& member, const std::optional<T>& change)
{
    if (change)
        member.value = *change;
}

BookEntry changed_entry(BookEntry entry, const UpdateBook& request)
{
    set(entry.title, request.title);
    set(entry.original_title, request.original_title);
    set(entry.contributors, request.contributors);
    set(entry.publisher, request.publisher);
    set(entry.language, request.language);
    set(entry.publication_year, request.publication_year);
    set(entry.description, request.description);
    set(entry.category, request.category);
    set(entry.subjects, request.subjects);
    set(entry.isbn, request.isbn);
    set(entry.condition, request.condition);
    set(entry.rating, request.rating);
    set(entry.format, request.format);
    set(entry.pages, request.pages);
    return entry;
}

} // namespace

Task<Result<BookView>> update_book(const Caller&, const UpdateBook& request, TenantItems& items, Clock& clock)
{
    const auto currency = co_await tenants::find_currency(items);
    if (!currency)
        co_return std::unexpected(currency.error());
    const auto before = co_await find_book(items, request.book_id);
    if (!before)
        co_return std::unexpected(before.error());
    if (auto current = check_etag(request.if_match, *before); !current)
        co_return std::unexpected(current.error());

    auto entry = changed_entry(before->book.entry, request);
    if (auto allowed = check_entry(entry); !allowed)
        co_return std::unexpected(allowed.error());
    std::vector<Action> actions;
    const auto after = add_replace_actions(actions, *before, entry, request.price.value_or(before->stock.price),
                                           request.if_match, clock.now_ms());
    if (!after)
        co_return to_view(*before, *currency);

    const auto stored = co_await items.transact(std::move(actions));
    if (!stored)
        co_return book_write_error(stored.error(), entry, request.if_match);
    co_return to_view(*after, *currency);
}

} // namespace estante::books
